using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>Connects through an HTTP proxy to an address, never to a name, so that the proxy has nothing left to resolve.</summary>
internal sealed class ProxyConnector : IAddressConnector
{
    private const int MaxAnswerLength = 8 * 1024;

    private readonly DnsEndPoint _proxy;
    private readonly string? _authorization;
    private readonly IHostResolver _resolver;
    private readonly IAddressConnector _connector;

    public ProxyConnector(Uri proxy, IHostResolver resolver, IAddressConnector connector)
    {
        if (!GuardedHttpOptions.IsProxy(proxy))
        {
            // Not quoted: it may hold a password.
            throw new ArgumentException("The proxy must be an http URL of a host and a port alone, such as http://egress.internal:3128.", nameof(proxy));
        }

        _proxy = new DnsEndPoint(proxy.IdnHost, proxy.Port);
        _authorization = proxy.UserInfo.Length == 0
            ? null
            : Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(proxy.UserInfo)));
        _resolver = resolver;
        _connector = connector;
    }

    public async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var stream = await ReachProxyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Request(address)), cancellationToken).ConfigureAwait(false);
            var status = await ReadStatusAsync(stream, cancellationToken).ConfigureAwait(false);
            return status switch
            {
                >= 200 and < 300 => stream,

                // RFC 9110 section 9.3.6 leaves the choice of status to the proxy; these speak of the target.
                403 => throw new SocketException((int)SocketError.AccessDenied),
                502 or 503 or 504 => throw new SocketException((int)SocketError.HostUnreachable),
                407 => throw new ProxyFailedException("The sender's proxy wants other credentials (407): set them in the proxy's URL."),
                _ => throw new ProxyFailedException($"The sender's proxy answered CONNECT with status {status}."),
            };
        }
        catch (IOException exception)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new ProxyFailedException("The sender's proxy broke the connection.", exception);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Stream> ReachProxyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var addresses = IPAddress.TryParse(_proxy.Host, out var literal)
                ? [literal]
                : await _resolver.ResolveAsync(_proxy.Host, cancellationToken).ConfigureAwait(false);
            var address = addresses.Count > 0 ? addresses[0] : throw new SocketException((int)SocketError.HostNotFound);
            return await _connector.ConnectAsync(new IPEndPoint(address, _proxy.Port), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            throw new ProxyFailedException("The sender's proxy could not be reached.", exception);
        }
    }

    private string Request(IPEndPoint address)
    {
        var request = $"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n";
        return (_authorization is null ? request : $"{request}Proxy-Authorization: Basic {_authorization}\r\n") + "\r\n";
    }

    private static async ValueTask<int> ReadStatusAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxAnswerLength];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return ParseStatus(buffer.AsSpan(0, length));
            }
        }

        throw new ProxyFailedException("The sender's proxy answered CONNECT with something else than HTTP.");
    }

    private static int ParseStatus(ReadOnlySpan<byte> answer)
    {
        // "HTTP/1.x 200"; a target speaks only when spoken to, so what follows a success is not its.
        if (answer.Length < 12
            || !answer.StartsWith("HTTP/1."u8)
            || !int.TryParse(answer[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || (status < 300 && !answer.EndsWith("\r\n\r\n"u8)))
        {
            throw new ProxyFailedException("The sender's proxy answered CONNECT with something else than HTTP.");
        }

        return status;
    }
}
