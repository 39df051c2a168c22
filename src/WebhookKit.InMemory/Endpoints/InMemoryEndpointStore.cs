using WebhookKit.Endpoints;

namespace WebhookKit.InMemory.Endpoints;

/// <summary>Endpoints in memory.</summary>
internal sealed class InMemoryEndpointStore(SenderState state, TimeProvider timeProvider) : IEndpointStore
{
    public ValueTask DeclareAsync(IReadOnlyList<WebhookEndpoint> endpoints, long deployment, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            if (state.Endpoints.Deployment > deployment)
            {
                return ValueTask.CompletedTask;
            }

            state.Endpoints.Deployment = deployment;
            foreach (var endpoint in endpoints)
            {
                state.Endpoints.Set(WithStatusOf(state.Endpoints.Find(endpoint.Id), endpoint));
            }

            var declared = endpoints.Select(endpoint => endpoint.Id).ToHashSet();
            foreach (var endpoint in state.Endpoints.All.Where(endpoint => endpoint is { Name: not null, Status: EndpointStatus.Enabled }
                && !declared.Contains(endpoint.Id)).ToArray())
            {
                state.Endpoints.Set(endpoint with
                {
                    Status = EndpointStatus.Disabled,
                    StatusReason = EndpointStatusReason.NotDeclared,
                });
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<WebhookEndpoint>> GetByTenantsAsync(
        IReadOnlyCollection<string?> tenantIds, CancellationToken cancellationToken)
    {
        var tenants = tenantIds.ToHashSet(StringComparer.Ordinal);
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<WebhookEndpoint>>(
                state.Endpoints.OfTenants(tenants, timeProvider.GetUtcNow()));
        }
    }

    public ValueTask<IReadOnlyList<WebhookEndpoint>> GetAsync(IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<WebhookEndpoint>>(
                [
                    .. ids.Distinct()
                        .Select(state.Endpoints.Find)
                        .OfType<WebhookEndpoint>()
                        .Select(endpoint => state.Endpoints.WithSlowDown(endpoint, timeProvider.GetUtcNow())),
                ]);
        }
    }

    public ValueTask<IReadOnlyList<EndpointState>> GetStatesAsync(
        IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<EndpointState>>(
            [
                .. ids.Distinct().Select(state.Endpoints.FindState).OfType<EndpointState>()
                    .Where(health => health is { LastSuccessAt: not null } or { FailingSince: not null } or { SlowedDownUntil: not null }),
            ]);
        }
    }

    public ValueTask SetRatesAsync(IReadOnlyDictionary<EndpointId, EndpointRate?> rates, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            foreach (var (id, rate) in rates)
            {
                if (state.Endpoints.Find(id) is { } endpoint)
                {
                    state.Endpoints.Set(endpoint with { Rate = rate });
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> SetStatusAsync(
        EndpointId id, EndpointStatus status, EndpointStatusReason reason, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            if (state.Endpoints.Find(id) is not { StatusReason: not EndpointStatusReason.Erased } endpoint)
            {
                return ValueTask.FromResult(false);
            }

            state.Endpoints.Set(endpoint with { Status = status, StatusReason = reason });
            if (status == EndpointStatus.Enabled && state.Endpoints.FindState(id) is { } health)
            {
                state.Endpoints.SetState(EndpointHealthRules.Reset(health));
            }

            return ValueTask.FromResult(true);
        }
    }

    private static WebhookEndpoint WithStatusOf(WebhookEndpoint? known, WebhookEndpoint declared) =>
        known is null || known.StatusReason == EndpointStatusReason.NotDeclared
            ? declared
            : declared with { Status = known.Status, StatusReason = known.StatusReason };
}
