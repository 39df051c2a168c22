using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookKit.Endpoints;

/// <summary>How the data of operational messages is written, whatever the host does with its own.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EndpointHealthEvent))]
[JsonSerializable(typeof(DeliveryExhaustedEvent))]
[JsonSerializable(typeof(SecretExpiringEvent))]
internal sealed partial class OperationalJson : JsonSerializerContext;
