using WebhookKit.Endpoints;

namespace WebhookKit.InMemory.Endpoints;

/// <summary>The registry's endpoints and their secrets in memory.</summary>
internal sealed class InMemoryEndpointRegistryStore(SenderState state, TimeProvider timeProvider) : IEndpointRegistryStore
{
    public bool IsDurable => false;

    public ValueTask<bool> AddAsync(
        RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> secrets, int maxOfTenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            if (state.Endpoints.All.Count(other => other.TenantId == endpoint.TenantId && other.Name is null) >= maxOfTenant)
            {
                return ValueTask.FromResult(false);
            }

            var added = new WebhookEndpoint { Id = endpoint.Id, TenantId = endpoint.TenantId, Url = "" };
            state.Endpoints.Set(With(added, endpoint.Settings) with
            {
                Rate = endpoint.Rate,
                Status = endpoint.Status,
                StatusReason = endpoint.StatusReason,
                Version = endpoint.Version,
                SecretsVersion = endpoint.SecretsVersion,
            });
            state.Registry.Set(endpoint with { Secrets = [], HeaderNames = [] });
            state.Registry.SetSecrets(endpoint.Id, secrets);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<RegisteredEndpoint?> FindAsync(EndpointId id, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult(state.Endpoints.Find(id) is { } endpoint ? state.Registry.Show(endpoint) : null);
        }
    }

    public ValueTask<IReadOnlyList<RegisteredEndpoint>> ListAsync(
        EndpointQuery query, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<RegisteredEndpoint>>(
            [
                .. state.Endpoints.All
                    .Where(endpoint => (query.AllTenants || endpoint.TenantId == query.TenantId)
                        && (query.Status is null || endpoint.Status == query.Status)
                        && (after is null || endpoint.Id.CompareTo(after.Value) > 0))
                    .OrderBy(endpoint => endpoint.Id)
                    .Take(maxEndpoints)
                    .Select(state.Registry.Show),
            ]);
        }
    }

    public ValueTask<bool> UpdateAsync(EndpointChange change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            if (state.Endpoints.Find(change.Id) is not { Name: null } endpoint
                || (change.Version ?? endpoint.Version) != endpoint.Version
                || (change.Secrets is not null && change.SecretsVersion != endpoint.SecretsVersion))
            {
                return ValueTask.FromResult(false);
            }

            var details = state.Registry.Show(endpoint);
            if (change.Settings is { } settings)
            {
                endpoint = With(endpoint, settings) with { Rate = change.Rate };
                details = details with { Settings = settings };
            }

            if (change.Version is not null)
            {
                endpoint = endpoint with { Version = endpoint.Version + 1 };
                details = details with { UpdatedAt = change.At };
            }

            if (change.Secrets is { } secrets)
            {
                endpoint = endpoint with { SecretsVersion = endpoint.SecretsVersion + 1 };
                state.Registry.SetSecrets(change.Id, secrets);
            }

            state.Endpoints.Set(endpoint);
            state.Registry.Set(details);
            foreach (var message in change.Messages)
            {
                state.Messages.Add(message, timeProvider.GetUtcNow());
            }

            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> DeleteAsync(EndpointId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            if (state.Endpoints.Find(id) is not { Name: null })
            {
                return ValueTask.FromResult(false);
            }

            state.Endpoints.Delete(id, timeProvider.GetUtcNow());
            state.Registry.Delete(id);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<EndpointSecrets>> GetSecretsAsync(
        IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<EndpointSecrets>>(
            [
                .. ids.Distinct().Order().Select(state.Endpoints.Find).OfType<WebhookEndpoint>().Select(endpoint => new EndpointSecrets(
                    endpoint.Id, endpoint.TenantId, endpoint.Url, endpoint.SecretsVersion, state.Registry.SecretsOf(endpoint.Id))),
            ]);
        }
    }

    public ValueTask<IReadOnlyList<EndpointId>> FindOutdatedSecretsAsync(
        string? keyId, DateTimeOffset expiredBefore, EndpointId after, int maxEndpoints, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<EndpointId>>(
            [
                .. state.Registry.AllSecrets
                    .Where(entry => entry.Id.CompareTo(after) > 0 && entry.Secrets.Any(secret =>
                        secret.ExpiresAt < expiredBefore || (keyId is not null && secret.KeyId != keyId)))
                    .Select(entry => entry.Id)
                    .Order()
                    .Take(maxEndpoints),
            ]);
        }
    }

    public ValueTask<IReadOnlyList<EndpointId>> FindExpiringSecretsAsync(
        DateTimeOffset before, EndpointId after, int maxEndpoints, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<EndpointId>>(
            [
                .. state.Registry.AllSecrets
                    .Where(entry => entry.Id.CompareTo(after) > 0 && entry.Secrets.Any(secret =>
                        secret.Purpose == StoredSecretPurpose.Signing && !secret.IsExpiryTold && secret.ExpiresAt < before))
                    .Select(entry => entry.Id)
                    .Order()
                    .Take(maxEndpoints),
            ]);
        }
    }

    public ValueTask<StoredSecret?> FindCanaryAsync(CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult(state.Registry.Canary);
        }
    }

    public ValueTask<bool> ReplaceCanaryAsync(string? expected, StoredSecret canary, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            if (state.Registry.Canary?.Value != expected)
            {
                return ValueTask.FromResult(false);
            }

            state.Registry.Canary = canary;
            return ValueTask.FromResult(true);
        }
    }

    private static WebhookEndpoint With(WebhookEndpoint endpoint, EndpointSettings settings) => endpoint with
    {
        Url = settings.Url,
        EventTypes = settings.EventTypes,
        Filter = settings.Filter,
        IsOrdered = settings.IsOrdered,
        SkipFailingHead = settings.SkipFailingHead,
        Policy = settings.Policy == EndpointPolicy.Default ? null : settings.Policy,
    };
}
