using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using WebhookKit.NetworkSafety.Internal;

namespace WebhookKit.NetworkSafety;

/// <summary>The HTTP handler for URLs that others chose: nothing leaves for an address the policy forbids.</summary>
/// <remarks>
/// It follows no redirect, reads no proxy from the environment, keeps no cookies, unpacks nothing, sends no trace headers,
/// fetches no certificate that a server has left out of its chain (the server itself would name the URL, RFC 5280 section
/// 4.2.2.1) and lowers HTTP/3 to HTTP/2, because the connections of HTTP/3 would not pass the guard.
/// </remarks>
public sealed class GuardedHttpHandler : HttpMessageHandler
{
    private const int MaxResponseHeadersKilobytes = 32;
    private const int MaxDrainBytes = 16 * 1024;

    private readonly Lock _changing = new();
    private readonly GuardedHttpOptions _options;
    private readonly GuardedConnection _connection;
    private volatile HttpMessageInvoker _pool;

    /// <summary>Makes a handler.</summary>
    /// <param name="policy">What may be called.</param>
    /// <param name="options">How connections are made and kept; the defaults when omitted.</param>
    /// <exception cref="ArgumentException">The proxy of the options is not an <c>http</c> URL of a host and a port alone.</exception>
    public GuardedHttpHandler(NetworkPolicy policy, GuardedHttpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _options = options ?? new GuardedHttpOptions();
        var resolver = _options.Resolver ?? new SystemHostResolver();
        var connector = _options.Connector ?? new SocketConnector();
        _connection = new GuardedConnection(
            policy,
            resolver,
            _options.Proxy is { } proxy ? new ProxyConnector(proxy, resolver, connector) : connector,
            _options.ConnectTimeout);
        _pool = NewPool();
    }

    /// <summary>What may be called.</summary>
    public NetworkPolicy Policy => _connection.Policy;

    /// <summary>Changes what may be called: connections made before are not used again, and requests in flight end undisturbed.</summary>
    public void ChangePolicy(NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        lock (_changing)
        {
            if (policy == _connection.Policy)
            {
                return;
            }

            _connection.Policy = policy;
            var outdated = _pool;
            _pool = NewPool();
            outdated.Dispose();
        }
    }

    internal SocketsHttpHandler CreateInnerHandler() => new()
    {
        ConnectCallback = (context, cancellationToken) => _connection.OpenAsync(context.DnsEndPoint, cancellationToken),
        SslOptions = CreateTlsOptions(_options.ClientCertificate),

        // With the framework's own proxy, the callback would see the proxy's address and never the target's.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,

        // The default sends trace context and baggage to third parties.
        ActivityHeadersPropagator = null,
        ConnectTimeout = _options.ConnectTimeout,
        PooledConnectionLifetime = _options.PooledConnectionLifetime,
        EnableMultipleHttp2Connections = true,
        MaxResponseHeadersLength = MaxResponseHeadersKilobytes,
        MaxResponseDrainSize = MaxDrainBytes,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(500),
    };

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        KeepBelowHttp3(request);
        while (true)
        {
            var pool = _pool;
            try
            {
                return pool.SendAsync(request, cancellationToken);
            }
            catch (ObjectDisposedException) when (pool != _pool)
            {
                // The policy changed between the two lines, and nothing has been sent.
            }
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pool.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void KeepBelowHttp3(HttpRequestMessage request)
    {
        if (request.Version.Major > 2)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        else if (request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher)
        {
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
    }

    private static SslClientAuthenticationOptions CreateTlsOptions(ClientCertificate? client)
    {
        // By itself the framework fetches a missing issuer from the URL in the server's certificate, past the guard.
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
        };
        if (client is not null)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(client.Certificate, client.Intermediates, offline: true);

            // A session resumed would be that of whoever has made it.
            tls.AllowTlsResume = false;
        }

        return tls;
    }

    private HttpMessageInvoker NewPool() => new(CreateInnerHandler());
}
