using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Reads endpoints with what their state says now, on a connection that is open, in the transaction it is in.</summary>
internal sealed class EndpointReader(StoreDatabase database, DatabaseClock clock)
{
    public Task<List<WebhookEndpoint>> ReadByTenantsAsync(
        DbContext context, IReadOnlyCollection<string?> tenantIds, CancellationToken cancellationToken) =>
        database.Dialect == Dialect.PostgreSql
            ? PostgreSqlEndpoints.ReadByTenantsAsync(context, tenantIds, clock.Offset, cancellationToken)
            : ReadAsync(context, endpoints => endpoints.Where(endpoint => tenantIds.Contains(endpoint.TenantId)), cancellationToken);

    public Task<List<WebhookEndpoint>> ReadAsync(
        DbContext context, IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken) =>
        database.Dialect == Dialect.PostgreSql
            ? PostgreSqlEndpoints.ReadAsync(context, ids, clock.Offset, cancellationToken)
            : ReadAsync(context, endpoints => endpoints.Where(endpoint => ids.Contains(endpoint.Id)), cancellationToken);

    private async Task<List<WebhookEndpoint>> ReadAsync(
        DbContext context, Func<IQueryable<EndpointEntity>, IQueryable<EndpointEntity>> choose, CancellationToken cancellationToken)
    {
        var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
        var rows = await choose(context.Set<EndpointEntity>().AsNoTracking())
            .Join(
                context.Set<EndpointStateEntity>(),
                endpoint => endpoint.Id,
                state => state.EndpointId,
                (endpoint, state) => new { endpoint, state })
            .OrderBy(row => row.endpoint.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => row.endpoint.ToEndpoint(row.state, now));
    }
}
