using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>The registry's endpoints and every stored secret in the host's own database.</summary>
internal sealed class EntityFrameworkEndpointRegistryStore(StoreDatabase database) : IEndpointRegistryStore
{
    public bool IsDurable => true;

    public async ValueTask<bool> AddAsync(
        RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> secrets, int maxOfTenant, CancellationToken cancellationToken)
    {
        return await database.WriteForHostAsync(async (context, _, token) =>
        {
            // Of two endpoints that are added to a tenant at once, the second counts the first.
            await TenantTurn.TakeAsync(context, endpoint.TenantId, token).ConfigureAwait(false);
            var ofTenant = context.Set<EndpointEntity>().Where(e => e.TenantId == endpoint.TenantId && !e.IsDeclared);
            if (await ofTenant.CountAsync(token).ConfigureAwait(false) >= maxOfTenant)
            {
                return false;
            }

            await context.InsertRowsAsync([EndpointEntity.From(endpoint)], token).ConfigureAwait(false);
            await context.InsertRowsAsync([EndpointStateEntity.For(endpoint)], token).ConfigureAwait(false);
            await context.InsertRowsAsync(Rows(endpoint.Id, secrets), token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<RegisteredEndpoint?> FindAsync(EndpointId id, CancellationToken cancellationToken) =>
        (await ReadAsync(endpoints => endpoints.Where(endpoint => endpoint.Id == id), null, 1, cancellationToken).ConfigureAwait(false))
            .SingleOrDefault();

    public async ValueTask<IReadOnlyList<RegisteredEndpoint>> ListAsync(
        EndpointQuery query, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        var first = after ?? default;
        return await ReadAsync(
            endpoints => endpoints.Where(endpoint =>
                (query.AllTenants || endpoint.TenantId == query.TenantId) && endpoint.Id.CompareTo(first) > 0),
            query.Status,
            maxEndpoints,
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<bool> UpdateAsync(EndpointChange change, CancellationToken cancellationToken)
    {
        return await database.WriteForHostAsync(async (context, _, token) =>
        {
            var ours = context.Set<EndpointEntity>().Where(endpoint => endpoint.Id == change.Id && !endpoint.IsDeclared);

            // Takes the row, so that nobody else passes the same versions.
            var taken = await ours
                .Where(endpoint => (change.Version == null || endpoint.Version == change.Version)
                    && (change.Secrets == null || endpoint.SecretsVersion == change.SecretsVersion))
                .ExecuteUpdateAsync(
                    endpoint => endpoint
                        .SetProperty(e => e.Version, e => e.Version + (change.Version == null ? 0 : 1))
                        .SetProperty(e => e.SecretsVersion, e => e.SecretsVersion + (change.Secrets == null ? 0 : 1))
                        .SetProperty(e => e.UpdatedAt, e => change.Version == null ? e.UpdatedAt : change.At),
                    token).ConfigureAwait(false);
            if (taken == 0)
            {
                return false;
            }

            if (change.Settings is { } settings)
            {
                await WriteAsync(ours, EndpointEntity.From(settings), token).ConfigureAwait(false);
                await EndpointStateEntity.WriteRateAsync(context, change.Id, change.Rate, token).ConfigureAwait(false);
            }

            if (change.Secrets is { } secrets)
            {
                await context.Set<EndpointSecretEntity>().Where(secret => secret.EndpointId == change.Id)
                    .ExecuteDeleteAsync(token).ConfigureAwait(false);
                await context.InsertRowsAsync(Rows(change.Id, secrets), token).ConfigureAwait(false);
            }

            await context.InsertRowsAsync(change.Messages.Select(MessageEntity.From).ToArray(), token).ConfigureAwait(false);
            await context.InsertRowsAsync(change.Messages.Select(OutboxEntity.From).ToArray(), token).ConfigureAwait(false);

            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<bool> DeleteAsync(EndpointId id, CancellationToken cancellationToken)
    {
        return await database.WriteForHostAsync(async (context, now, token) =>
        {
            var deleted = await context.Set<EndpointEntity>().Where(endpoint => endpoint.Id == id && !endpoint.IsDeclared)
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
            if (deleted == 0)
            {
                return false;
            }

            await context.Set<EndpointSecretEntity>().Where(secret => secret.EndpointId == id)
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
            await context.Set<EndpointStateEntity>().Where(state => state.EndpointId == id)
                .ExecuteUpdateAsync(
                    state => state
                        .SetProperty(s => s.Status, EndpointStatus.Disabled)
                        .SetProperty(s => s.StatusReason, EndpointStatusReason.Deleted)
                        .SetProperty(s => s.DeletedAt, now),
                    token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<EndpointSecrets>> GetSecretsAsync(
        IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken)
    {
        // One statement: secrets and the version that they are belong together.
        var rows = await database.ReadAsync(context => context.Set<EndpointEntity>()
            .AsNoTracking()
            .Where(endpoint => ids.Contains(endpoint.Id))
            .GroupJoin(
                context.Set<EndpointSecretEntity>(),
                endpoint => endpoint.Id,
                secret => secret.EndpointId,
                (endpoint, secrets) => new { endpoint, secrets })
            .SelectMany(
                row => row.secrets.DefaultIfEmpty(),
                (row, secret) => new { row.endpoint.Id, row.endpoint.TenantId, row.endpoint.Url, row.endpoint.SecretsVersion, Secret = secret })
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return
        [
            .. rows.GroupBy(row => row.Id).OrderBy(ofEndpoint => ofEndpoint.Key).Select(ofEndpoint => new EndpointSecrets(
                ofEndpoint.Key,
                ofEndpoint.First().TenantId,
                ofEndpoint.First().Url,
                ofEndpoint.First().SecretsVersion,
                [
                    .. ofEndpoint.Select(row => row.Secret).OfType<EndpointSecretEntity>()
                        .OrderBy(secret => secret.Purpose).ThenBy(secret => secret.Number)
                        .Select(secret => secret.ToSecret()),
                ])),
        ];
    }

    public async ValueTask<IReadOnlyList<EndpointId>> FindOutdatedSecretsAsync(
        string? keyId, DateTimeOffset expiredBefore, EndpointId after, int maxEndpoints, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => context.Set<EndpointSecretEntity>()
            .Where(secret => secret.EndpointId.CompareTo(after) > 0
                && secret.Purpose != StoredSecretPurpose.Canary
                && (secret.ExpiresAt < expiredBefore || (keyId != null && (secret.KeyId == null || secret.KeyId != keyId))))
            .Select(secret => secret.EndpointId)
            .Distinct()
            .OrderBy(id => id)
            .Take(maxEndpoints)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<EndpointId>> FindExpiringSecretsAsync(
        DateTimeOffset before, EndpointId after, int maxEndpoints, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => context.Set<EndpointSecretEntity>()
            .Where(secret => secret.EndpointId.CompareTo(after) > 0
                && secret.Purpose == StoredSecretPurpose.Signing && !secret.IsExpiryTold && secret.ExpiresAt < before)
            .Select(secret => secret.EndpointId)
            .Distinct()
            .OrderBy(id => id)
            .Take(maxEndpoints)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);

    public async ValueTask<StoredSecret?> FindCanaryAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync(context => Canary(context).AsNoTracking().SingleOrDefaultAsync(cancellationToken)).ConfigureAwait(false))
            ?.ToSecret();

    public async ValueTask<bool> ReplaceCanaryAsync(string? expected, StoredSecret canary, CancellationToken cancellationToken)
    {
        var row = EndpointSecretEntity.From(default, canary);
        try
        {
            return await database.WriteForHostAsync(async (context, _, token) =>
            {
                if (expected is not null)
                {
                    return await Canary(context).Where(secret => secret.Value == expected)
                        .ExecuteUpdateAsync(
                            secret => secret.SetProperty(s => s.Value, row.Value).SetProperty(s => s.KeyId, row.KeyId), token)
                        .ConfigureAwait(false) > 0;
                }

                if (await Canary(context).AnyAsync(token).ConfigureAwait(false))
                {
                    return false;
                }

                await context.InsertRowsAsync([row], token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (expected is null && !cancellationToken.IsCancellationRequested)
        {
            // Two nodes that add the first one at the same time: the key lets one of them through.
            if (await FindCanaryAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                return false;
            }

            throw;
        }
    }

    private static IQueryable<EndpointSecretEntity> Canary(DbContext context) =>
        context.Set<EndpointSecretEntity>().Where(secret => secret.EndpointId == default && secret.Purpose == StoredSecretPurpose.Canary);

    private static EndpointSecretEntity[] Rows(EndpointId id, IReadOnlyList<StoredSecret> secrets) =>
        [.. secrets.Select(secret => EndpointSecretEntity.From(id, secret))];

    private static Task<int> WriteAsync(IQueryable<EndpointEntity> endpoints, EndpointEntity row, CancellationToken cancellationToken) =>
        endpoints.ExecuteUpdateAsync(
            endpoint => endpoint
                .SetProperty(e => e.Url, row.Url)
                .SetProperty(e => e.Description, row.Description)
                .SetProperty(e => e.Metadata, row.Metadata)
                .SetProperty(e => e.EventTypes, row.EventTypes)
                .SetProperty(e => e.Filter, row.Filter)
                .SetProperty(e => e.IsOrdered, row.IsOrdered)
                .SetProperty(e => e.SkipFailingHead, row.SkipFailingHead)
                .SetProperty(e => e.Policy, row.Policy),
            cancellationToken);

    private async Task<IReadOnlyList<RegisteredEndpoint>> ReadAsync(
        Func<IQueryable<EndpointEntity>, IQueryable<EndpointEntity>> choose,
        EndpointStatus? status,
        int maxEndpoints,
        CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(context => choose(context.Set<EndpointEntity>().AsNoTracking())
            .Join(
                context.Set<EndpointStateEntity>(),
                endpoint => endpoint.Id,
                state => state.EndpointId,
                (endpoint, state) => new { endpoint, state })
            .Where(row => status == null || row.state.Status == status)
            .OrderBy(row => row.endpoint.Id)
            .Take(maxEndpoints)
            .ToListAsync(cancellationToken)).ConfigureAwait(false);
        return rows.ConvertAll(row => row.endpoint.ToRegistered(row.state));
    }
}
