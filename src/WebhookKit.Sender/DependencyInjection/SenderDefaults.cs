namespace WebhookKit;

/// <summary>The figures of the sender that no option changes.</summary>
internal static class SenderDefaults
{
    /// <summary>The most bytes of a response's body that are kept: 8 KiB.</summary>
    public const int MaxKeptResponseBytes = 8 * 1024;

    /// <summary>How often a delivery may be leased without a completion before it is dead-lettered as abandoned.</summary>
    public const int MaxLeases = 5;

    /// <summary>From the next lease on, a delivery whose leases all ended without an outcome is worked on alone.</summary>
    public const int MaxLeasesTogether = 3;

    /// <summary>How long an endpoint is left alone that asks for less without saying for how long.</summary>
    public static readonly TimeSpan SlowDown = TimeSpan.FromSeconds(5);

    public const string ClientCertificatesSection = "Webhooks:Sender:ClientCertificates";

    public const string ConfigurationSection = "Webhooks:Sender:Endpoints";
}
