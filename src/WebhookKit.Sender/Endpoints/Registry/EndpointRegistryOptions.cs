namespace WebhookKit;

/// <summary>What the registry of endpoints allows.</summary>
public sealed class EndpointRegistryOptions
{
    /// <summary>The most endpoints a tenant may have, and the most without a tenant; declared ones are not counted.</summary>
    /// <value>Default: 100. Fan-out reads all endpoints of a message's tenant.</value>
    public int MaxEndpointsPerTenant { get; set; } = 100;

    /// <summary>Whether secrets may be kept in the database as plain text.</summary>
    /// <value>
    /// Default: <see langword="false"/>; the host then does not start without an <c>ISecretProtector</c>, such as the one of
    /// <c>UseDataProtection()</c>. A store in memory needs neither.
    /// </value>
    public bool AllowPlaintextSecrets { get; set; }
}
