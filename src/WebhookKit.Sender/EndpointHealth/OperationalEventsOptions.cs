namespace WebhookKit;

/// <summary>Whom operational messages are sent to.</summary>
/// <remarks>Made by <see cref="SenderBuilder.OperationalEvents"/>; the event types are <see cref="OperationalEventTypes"/>.</remarks>
public sealed class OperationalEventsOptions
{
    private readonly List<(string Name, string? TenantId)> _receivers = [];

    /// <summary>Whether each tenant is told of its own endpoints and deliveries.</summary>
    /// <value>Default: <see langword="false"/>. Its endpoints get them if they subscribe, for example to <c>webhooks.*</c> or <c>*</c>.</value>
    public bool TellTenants { get; set; }

    internal IReadOnlyList<(string Name, string? TenantId)> Receivers => _receivers;

    /// <summary>Sends every operational message to a declared endpoint, whatever it subscribes to.</summary>
    /// <param name="endpointName">The name it is declared by.</param>
    /// <param name="tenantId">Its tenant, or <see langword="null"/>.</param>
    public void SendTo(string endpointName, string? tenantId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpointName);
        if (!_receivers.Contains((endpointName, tenantId)))
        {
            _receivers.Add((endpointName, tenantId));
        }
    }
}
