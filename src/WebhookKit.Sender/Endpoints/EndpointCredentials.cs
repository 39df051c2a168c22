using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>What an attempt shows the endpoint: its signatures and custom headers.</summary>
/// <param name="Signer">Signs with all live secrets; null when it cannot.</param>
/// <param name="Headers">Custom headers.</param>
/// <param name="Error">Why there is no signer, kept with the attempt.</param>
internal readonly record struct EndpointCredentials(
    IWebhookSigner? Signer, IReadOnlyList<KeyValuePair<string, string>> Headers, string? Error = null)
{
    public static EndpointCredentials Missing(string error) => new(null, [], error);
}
