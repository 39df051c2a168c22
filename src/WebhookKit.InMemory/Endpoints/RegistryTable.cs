using WebhookKit.Endpoints;

namespace WebhookKit.InMemory.Endpoints;

/// <summary>What the registry knows of endpoints beyond what dispatch needs, and their secrets.</summary>
internal sealed class RegistryTable
{
    private readonly Dictionary<EndpointId, RegisteredEndpoint> _details = [];
    private readonly Dictionary<EndpointId, IReadOnlyList<StoredSecret>> _secrets = [];

    public StoredSecret? Canary { get; set; }

    public IEnumerable<(EndpointId Id, IReadOnlyList<StoredSecret> Secrets)> AllSecrets => _secrets.Select(entry => (entry.Key, entry.Value));

    public IReadOnlyList<StoredSecret> SecretsOf(EndpointId id) => _secrets.GetValueOrDefault(id, []);

    public void Set(RegisteredEndpoint endpoint) => _details[endpoint.Id] = endpoint;

    public void SetSecrets(EndpointId id, IReadOnlyList<StoredSecret> secrets) =>
        _secrets[id] = [.. secrets.OrderBy(secret => secret.Purpose).ThenBy(secret => secret.Number)];

    public void Delete(EndpointId id)
    {
        _details.Remove(id);
        _secrets.Remove(id);
    }

    public void Erase(EndpointId id)
    {
        _secrets.Remove(id);
        if (_details.TryGetValue(id, out var details))
        {
            Set(details with
            {
                Settings = new EndpointSettings
                {
                    Url = "",
                    EventTypes = details.Settings.EventTypes,
                    IsOrdered = details.Settings.IsOrdered,
                    SkipFailingHead = details.Settings.SkipFailingHead,
                },
            });
        }
    }

    /// <summary>An endpoint as the registry shows it; what changes by dispatch is the endpoint's own.</summary>
    public RegisteredEndpoint Show(WebhookEndpoint endpoint) =>
        (_details.GetValueOrDefault(endpoint.Id) ?? Declared(endpoint)) with
        {
            Rate = endpoint.Rate,
            Status = endpoint.Status,
            StatusReason = endpoint.StatusReason,
            Version = endpoint.Version,
            SecretsVersion = endpoint.SecretsVersion,
        };

    private static RegisteredEndpoint Declared(WebhookEndpoint endpoint) => new()
    {
        Id = endpoint.Id,
        TenantId = endpoint.TenantId,
        Name = endpoint.Name,
        Settings = new EndpointSettings
        {
            Url = endpoint.Url,
            EventTypes = endpoint.EventTypes,
            Filter = endpoint.Filter,
            IsOrdered = endpoint.IsOrdered,
            SkipFailingHead = endpoint.SkipFailingHead,
            Policy = endpoint.Policy ?? EndpointPolicy.Default,
        },
    };
}
