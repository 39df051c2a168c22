using WebhookKit.Endpoints;

namespace WebhookKit.InMemory.Endpoints;

/// <summary>Endpoints by id, and their health.</summary>
internal sealed class EndpointTable
{
    private readonly Dictionary<EndpointId, WebhookEndpoint> _endpoints = [];
    private readonly Dictionary<EndpointId, EndpointState> _states = [];
    private readonly Dictionary<EndpointId, DateTimeOffset> _deletedAt = [];

    public long? Deployment { get; set; }

    public IEnumerable<WebhookEndpoint> All => _endpoints.Values;

    public WebhookEndpoint? Find(EndpointId id) => _endpoints.GetValueOrDefault(id);

    public EndpointState? FindState(EndpointId id) => _states.GetValueOrDefault(id);

    /// <summary>The status; an endpoint that is not here counts as deleted and so as disabled, so that its deliveries end visibly.</summary>
    public EndpointStatus StatusOf(EndpointId id) => Find(id)?.Status ?? EndpointStatus.Disabled;

    /// <summary>Endpoints that were deleted or erased with their tenant, and when.</summary>
    public IReadOnlyDictionary<EndpointId, DateTimeOffset> DeletedAt => _deletedAt;

    public void Delete(EndpointId id, DateTimeOffset now)
    {
        _endpoints.Remove(id);
        _deletedAt[id] = now;
    }

    /// <summary>Disables an endpoint for good, with its tenant.</summary>
    public void Erase(WebhookEndpoint endpoint, DateTimeOffset now)
    {
        Set(endpoint with
        {
            Url = "",
            Filter = null,
            Policy = null,
            Status = EndpointStatus.Disabled,
            StatusReason = EndpointStatusReason.Erased,
            Version = endpoint.Version + 1,
            SecretsVersion = endpoint.SecretsVersion + 1,
        });
        _deletedAt.TryAdd(endpoint.Id, now);
    }

    /// <summary>Leaves nothing of a deleted endpoint.</summary>
    public void Forget(EndpointId id)
    {
        _endpoints.Remove(id);
        _states.Remove(id);
        _deletedAt.Remove(id);
    }

    /// <summary>The endpoints of these tenants, with what their state says at a time.</summary>
    public List<WebhookEndpoint> OfTenants(IReadOnlySet<string?> tenantIds, DateTimeOffset now) =>
        [.. All.Where(endpoint => tenantIds.Contains(endpoint.TenantId)).Select(endpoint => WithSlowDown(endpoint, now))];

    public WebhookEndpoint WithSlowDown(WebhookEndpoint endpoint, DateTimeOffset now) =>
        FindState(endpoint.Id) is { } health && (health.Circuit != EndpointCircuit.Closed || health.SlowedDownUntil > now)
            ? endpoint with { IsSlowedDown = true }
            : endpoint;

    public void Set(WebhookEndpoint endpoint) => _endpoints[endpoint.Id] = endpoint;

    public EndpointState StateOf(EndpointId id) => FindState(id) ?? new EndpointState { EndpointId = id };

    public void SetState(EndpointState state) => _states[state.EndpointId] = state;

    /// <summary>Applies what a batch says about an endpoint.</summary>
    public EndpointTransition Apply(EndpointHealth health, DateTimeOffset now)
    {
        var transition = EndpointHealthRules.Apply(StateOf(health.EndpointId), StatusOf(health.EndpointId), health, now);
        SetState(transition.State);
        if (transition.DisableBecause is { } reason && Find(health.EndpointId) is { } endpoint)
        {
            Set(endpoint with { Status = EndpointStatus.Disabled, StatusReason = reason });
        }

        return transition;
    }
}
