using WebhookKit.Endpoints;

namespace WebhookKit.InMemory.Endpoints;

/// <summary>Endpoints by id, and their health.</summary>
internal sealed class EndpointTable
{
    private readonly Dictionary<EndpointId, WebhookEndpoint> _endpoints = [];
    private readonly Dictionary<EndpointId, EndpointState> _states = [];
    private readonly HashSet<EndpointId> _deleted = [];

    public long? Deployment { get; set; }

    public IEnumerable<WebhookEndpoint> All => _endpoints.Values;

    public WebhookEndpoint? Find(EndpointId id) => _endpoints.GetValueOrDefault(id);

    public EndpointState? FindState(EndpointId id) => _states.GetValueOrDefault(id);

    /// <summary>
    /// The status; an endpoint that was deleted counts as disabled, and one that never was here as enabled, so that its
    /// deliveries end visibly.
    /// </summary>
    public EndpointStatus StatusOf(EndpointId id) =>
        Find(id)?.Status ?? (IsDeleted(id) ? EndpointStatus.Disabled : EndpointStatus.Enabled);

    public bool IsDeleted(EndpointId id) => _deleted.Contains(id);

    public void Delete(EndpointId id)
    {
        _endpoints.Remove(id);
        _deleted.Add(id);
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
