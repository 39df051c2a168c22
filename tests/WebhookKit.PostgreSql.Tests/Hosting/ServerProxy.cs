using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace WebhookKit.PostgreSql.Tests.Hosting;

/// <summary>Stands before the server, and is up or down as a test wants it: down, every connection ends at once.</summary>
internal sealed class ServerProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _sockets = [];
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private volatile bool _isUp;
    private int _refused;

    public ServerProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndPoint!).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How many connections were asked for while it was down.</summary>
    public int Refused => _refused;

    public void Start() => _isUp = true;

    public void Stop()
    {
        _isUp = false;
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                if (_isUp)
                {
                    _ = ForwardAsync(client);
                }
                else
                {
                    Interlocked.Increment(ref _refused);
                    client.Dispose();
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        EndPoint address = _server.Host![0] == '/'
            ? new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}")
            : new DnsEndPoint(_server.Host, _server.Port);
        using var server = new Socket(
            address is UnixDomainSocketEndPoint ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            _sockets[client] = _sockets[server] = true;
            try
            {
                await server.ConnectAsync(address);
                await using var one = new NetworkStream(client);
                await using var other = new NetworkStream(server);
                await Task.WhenAny(one.CopyToAsync(other), other.CopyToAsync(one));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
            {
                // Stopped, or ended by one side.
            }
            finally
            {
                _sockets.TryRemove(client, out _);
                _sockets.TryRemove(server, out _);
            }
        }
    }
}
