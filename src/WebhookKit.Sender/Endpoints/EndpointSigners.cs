using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>Finds the signer of a declared endpoint; it signs with all live secrets.</summary>
internal sealed class EndpointSigners(DeclaredEndpoints endpoints, IServiceProvider services) : IDisposable
{
    private readonly Dictionary<EndpointId, IWebhookSigner> _signers = endpoints.Signing.ToDictionary(
        entry => entry.Key, entry => entry.Value.CreateSigner(services));

    public IWebhookSigner? Find(EndpointId id) => _signers.GetValueOrDefault(id);

    public EndpointCredentials GetCredentials(EndpointId id) => Find(id) is { } signer
        ? new EndpointCredentials(signer, [])
        : EndpointCredentials.Missing("This sender has no secret for the endpoint.");

    public void Dispose()
    {
        foreach (var signer in _signers.Values)
        {
            (signer as IDisposable)?.Dispose();
        }
    }
}
