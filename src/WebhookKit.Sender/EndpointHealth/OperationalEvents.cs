using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WebhookKit.Publishing;

namespace WebhookKit.Endpoints;

/// <summary>Makes one operational message for each of those whom the host wants to be told.</summary>
internal sealed class OperationalEvents(MessageFactory messages, IOptions<OperationalEventsOptions> options)
{
    private readonly OperationalEventsOptions _options = options.Value;

    /// <summary>Whether anybody is told.</summary>
    public bool IsOn => _options.TellTenants || _options.Receivers.Count > 0;

    public IEnumerable<WebhookMessage> Create<T>(string eventType, T data, JsonTypeInfo<T> jsonTypeInfo, string? tenantId)
    {
        foreach (var (name, ofTenant) in _options.Receivers)
        {
            yield return messages.Create(eventType, data, jsonTypeInfo, MessageOrigin.Operational, new PublishOptions
            {
                TenantId = ofTenant,
                TargetEndpointId = EndpointId.Declared(ofTenant, name),
            });
        }

        if (_options.TellTenants)
        {
            yield return messages.Create(eventType, data, jsonTypeInfo, MessageOrigin.Operational, new PublishOptions { TenantId = tenantId });
        }
    }
}
