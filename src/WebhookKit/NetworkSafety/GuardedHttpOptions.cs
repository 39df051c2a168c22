namespace WebhookKit.NetworkSafety;

/// <summary>How guarded connections are made and kept.</summary>
public sealed class GuardedHttpOptions
{
    /// <summary>How long resolving and connecting, TLS included, may take in total.</summary>
    /// <value>Defaults to 5 seconds.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection is reused before its host is resolved and classified again.</summary>
    /// <value>Defaults to 2 minutes.</value>
    public TimeSpan PooledConnectionLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An HTTP proxy, such as <c>http://user:password@egress.internal:3128</c>, that all connections are tunneled through.</summary>
    /// <value>Defaults to <see langword="null"/>, none; the proxy variables of the environment are never read.</value>
    /// <remarks>
    /// Names are resolved and classified here all the same, and the proxy is asked for an address (<c>CONNECT</c>), never
    /// for a name. Its own address is the host's choice and is not classified.
    /// </remarks>
    public Uri? Proxy { get; init; }

    /// <summary>The certificate that every server is shown which asks for one.</summary>
    /// <value>Defaults to <see langword="null"/>, none. Connections that were made with one are used for nothing else.</value>
    public ClientCertificate? ClientCertificate { get; init; }

    /// <summary>What resolves host names.</summary>
    /// <value>Defaults to the operating system.</value>
    public IHostResolver? Resolver { get; init; }

    /// <summary>What connects to the addresses that were let through.</summary>
    /// <value>Defaults to TCP sockets without Nagle's delay.</value>
    public IAddressConnector? Connector { get; init; }

    /// <summary>Says whether a URL can be a <see cref="Proxy"/>: <c>http</c>, a host, a port, and at most credentials beside them.</summary>
    public static bool IsProxy(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IsAbsoluteUri
            && url.Scheme == Uri.UriSchemeHttp
            && url.Port > 0
            && url.PathAndQuery == "/"
            && url.Fragment.Length == 0;
    }
}
