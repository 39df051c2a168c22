using WebhookKit.Endpoints.Authorization;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>Finds what a declared endpoint is sent with; its signer signs with all live secrets.</summary>
internal sealed class EndpointSigners(DeclaredEndpoints endpoints, AccessTokens tokens, IServiceProvider services) : IDisposable
{
    private readonly Dictionary<EndpointId, EndpointCredentials> _credentials = endpoints.Signing.ToDictionary(
        entry => entry.Key,
        entry => EndpointCredentials.Of(entry.Key, entry.Value.CreateSigner(services), [], entry.Value.Authorization, tokens));

    public IWebhookSigner? Find(EndpointId id) => _credentials.GetValueOrDefault(id).Signer;

    public EndpointCredentials GetCredentials(EndpointId id) => _credentials.TryGetValue(id, out var credentials)
        ? credentials
        : EndpointCredentials.Missing("This sender has no secret for the endpoint.");

    public void Dispose()
    {
        foreach (var credentials in _credentials.Values)
        {
            (credentials.Signer as IDisposable)?.Dispose();
        }
    }
}
