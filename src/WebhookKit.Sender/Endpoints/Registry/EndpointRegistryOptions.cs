namespace WebhookKit;

/// <summary>What the registry of endpoints allows.</summary>
public sealed class EndpointRegistryOptions
{
    /// <summary>The most endpoints a tenant may have, and the most without a tenant; declared ones are not counted.</summary>
    /// <value>Default: 100. Fan-out reads all endpoints of a message's tenant.</value>
    public int MaxEndpointsPerTenant { get; set; } = 100;

    /// <summary>
    /// How long before an old secret stops signing an operational event tells of it
    /// (<see cref="OperationalEventTypes.SecretExpiring"/>).
    /// </summary>
    /// <value>
    /// Default: 6 hours, a quarter of the 24 that a rotation overlaps by default: the receiver has had most of them to change on its
    /// own, and somebody is still left a working shift. It is looked for every hour at most, so with an overlap that is not
    /// longer it is told within an hour of the rotation. From zero, which tells nobody, to 30 days.
    /// </value>
    public TimeSpan SecretExpiryNotice { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Whether secrets may be kept in the database as plain text.</summary>
    /// <value>
    /// Default: <see langword="false"/>; the host then does not start without an <c>ISecretProtector</c>, such as the one of
    /// <c>UseDataProtection()</c>. A store in memory needs neither.
    /// </value>
    public bool AllowPlaintextSecrets { get; set; }
}
