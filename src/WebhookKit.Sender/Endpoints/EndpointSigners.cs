using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>Finds the signer of an endpoint; it signs with all live secrets.</summary>
internal sealed class EndpointSigners(DeclaredEndpoints endpoints) : IDisposable
{
    private readonly Dictionary<EndpointId, StandardWebhooksSigner> _signers =
        endpoints.Secrets.Where(entry => entry.Value.Count > 0).ToDictionary(
            entry => entry.Key, entry => new StandardWebhooksSigner(entry.Value));

    public IWebhookSigner? Find(EndpointId id) => _signers.GetValueOrDefault(id);

    public void Dispose()
    {
        foreach (var signer in _signers.Values)
        {
            signer.Dispose();
        }
    }
}
