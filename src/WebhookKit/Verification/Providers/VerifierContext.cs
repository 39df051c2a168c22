using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;

namespace WebhookKit.Verification;

/// <summary>What a provider makes a verifier from: the settings of one source.</summary>
public sealed class VerifierContext
{
    /// <summary>
    /// The secrets as configured, each accepted by <see cref="WebhookProvider.ValidateSecret"/> and all by
    /// <see cref="WebhookProvider.ValidateSecrets"/>.
    /// </summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>
    /// The greatest distance, either way, between the signed timestamp and now;
    /// <see cref="Timeout.InfiniteTimeSpan"/> takes any timestamp.
    /// </summary>
    public required TimeSpan Tolerance { get; init; }

    /// <summary>The clock that says now.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>The values of <see cref="WebhookProvider.Settings"/>, by name without regard to case.</summary>
    /// <value>Empty unless said otherwise.</value>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What fetches the keys that a provider publishes.</summary>
    /// <value>
    /// Null, one over a <see cref="NetworkSafety.GuardedHttpHandler"/> with the default policy, unless said otherwise; issuers of
    /// certificates, which are published over <c>http</c>, are then fetched over port 80 too.
    /// </value>
    public HttpMessageInvoker? KeyClient { get; init; }

    /// <summary>The roots that fetched certificates have to lead to; null for those that the machine trusts.</summary>
    internal X509Certificate2Collection? TrustedRoots { get; init; }

    internal VerifierContext WithSecrets(IEnumerable<string> secrets) => new()
    {
        Secrets = [.. secrets],
        Tolerance = Tolerance,
        TimeProvider = TimeProvider,
        Settings = Settings,
        KeyClient = KeyClient,
        TrustedRoots = TrustedRoots,
    };
}
