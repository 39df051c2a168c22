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

    /// <summary>What resolves host names.</summary>
    /// <value>Defaults to the operating system.</value>
    public IHostResolver? Resolver { get; init; }

    /// <summary>What connects to the addresses that were let through.</summary>
    /// <value>Defaults to TCP sockets without Nagle's delay.</value>
    public IAddressConnector? Connector { get; init; }
}
