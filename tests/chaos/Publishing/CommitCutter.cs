using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace WebhookKit.Chaos.Publishing;

/// <summary>A proxy to PostgreSQL that breaks every connection at its commit: before the server hears of it, or before the client hears the answer.</summary>
internal sealed class CommitCutter : IDisposable
{
    // Npgsql sends it as a simple query of its own.
    private static readonly byte[] Commit = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _server;
    private readonly Random _random;

    private CommitCutter(NpgsqlConnectionStringBuilder server, Random random)
    {
        _server = server.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint($"{server.Host}/.s.PGSQL.{server.Port}")
            : new DnsEndPoint(server.Host, server.Port);
        _random = random;
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Host = IPAddress.Loopback.ToString(),
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            Pooling = false,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _ = AcceptAsync();
    }

    /// <summary>How to reach the server through the proxy.</summary>
    public string ConnectionString { get; }

    public static CommitCutter Start(string connectionString, Random random) =>
        new(new NpgsqlConnectionStringBuilder(connectionString), random);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                _ = RelayAsync(client, reachesServer: _random.Next(2) == 0);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The node ends.
        }
    }

    private async Task RelayAsync(Socket client, bool reachesServer)
    {
        using var server = new Socket(_server.AddressFamily == AddressFamily.Unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server);
                using var ended = new CancellationTokenSource();
                var answers = RelayAnswersAsync(server, client, ended.Token);
                var buffer = new byte[16 * 1024];
                while (await client.ReceiveAsync(buffer) is > 0 and var count)
                {
                    var sent = buffer.AsMemory(0, count);
                    if (sent.Span.IndexOf(Commit) >= 0)
                    {
                        await ended.CancelAsync();
                        await answers;
                        if (reachesServer)
                        {
                            await server.SendAsync(sent);
                            await server.ReceiveAsync(buffer);
                        }

                        return;
                    }

                    await server.SendAsync(sent);
                }
            }
            catch (SocketException)
            {
                // One side is gone, and with it the other.
            }
        }
    }

    private static async Task RelayAnswersAsync(Socket server, Socket client, CancellationToken ended)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await server.ReceiveAsync(buffer, ended) is > 0 and var count)
            {
                await client.SendAsync(buffer.AsMemory(0, count), ended);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Told to let go, or one side is gone.
        }
    }
}
