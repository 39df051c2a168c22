using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>A receiver that misbehaves below HTTP: each connection is played by a script of bytes.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<RawConnection, Task> _play;
    private readonly SslStreamCertificateContext? _context;
    private readonly Task _accepting;
    private int _connections;
    private int _requests;

    /// <param name="play">What is done with each connection; it is closed afterwards.</param>
    /// <param name="certificate">Makes it speak TLS.</param>
    public RawReceiver(Func<RawConnection, Task> play, X509Certificate2? certificate = null)
    {
        _play = play;

        // Offline: a server would fetch the issuer of its own certificate too.
        _context = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/hooks";

    public int Connections => _connections;

    public int Requests => _requests;

    /// <summary>Reads the request and says what is given.</summary>
    public static RawReceiver Answering(string text) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync(text);
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var playing = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                playing.Add(PlayAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(playing);
        }
    }

    private async Task PlayAsync(Socket client)
    {
        using var socket = client;
        try
        {
            await using Stream plain = new NetworkStream(socket);
            await using var stream = _context is null ? plain : new SslStream(plain);
            if (stream is SslStream tls)
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _context }, _stopping.Token);
            }

            await _play(new RawConnection(socket, stream, () => Interlocked.Increment(ref _requests), _stopping.Token));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
        {
            // The sender hung up, which is what most of these tests are about.
        }
    }
}

/// <summary>One connection of a <see cref="RawReceiver"/>.</summary>
internal sealed class RawConnection(Socket socket, Stream stream, Action requested, CancellationToken stopping)
{
    public CancellationToken Stopping => stopping;

    public async Task ReadRequestAsync()
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(buffer, stopping);
            head.Append((char)buffer[0]);
        }

        var length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        await stream.ReadExactlyAsync(new byte[int.Parse(length.Split(' ')[1])], stopping);
        requested();
    }

    public async Task ReadAsync(int bytes) => await stream.ReadExactlyAsync(new byte[bytes], stopping);

    public async Task WriteAsync(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), stopping);

    /// <summary>Says the same over and over, until the sender hangs up.</summary>
    public async Task WriteForeverAsync(string text, TimeSpan interval = default)
    {
        while (true)
        {
            await WriteAsync(text);
            await Task.Delay(interval, stopping);
        }
    }

    /// <summary>Says nothing more, and does not close either.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, stopping);

    /// <summary>Breaks the connection with a reset rather than an orderly end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
