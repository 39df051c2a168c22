using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Reads endpoints on PostgreSQL: fan-out does so inside its transaction, where every answer counts.</summary>
internal static class PostgreSqlEndpoints
{
    private const string Columns = """
        SELECT e.{Endpoint.Id}, e.{Endpoint.TenantId}, e.{Endpoint.Name}, e.{Endpoint.Url}, e.{Endpoint.EventTypes},
          e.{Endpoint.IsOrdered}, e.{Endpoint.SkipFailingHead}, s.{EndpointState.Status}, s.{EndpointState.StatusReason},
          COALESCE(s.{EndpointState.SlowedDownUntil} > now() + @offset, false) OR s.{EndpointState.Circuit} <> 0, e.{Endpoint.Filter},
          e.{Endpoint.Policy}, e.{Endpoint.Version}, e.{Endpoint.SecretsVersion},
          s.{EndpointState.RateRequests}, s.{EndpointState.RatePeriod}
        """;

    private const string Joined = $$"""
        {{Columns}}
        FROM {Endpoint} e JOIN {EndpointState} s ON s.{EndpointState.EndpointId} = e.{Endpoint.Id}
        """;

    // Tenant by tenant over the index: of many tenants among more, a planner would rather read both tables whole.
    private static readonly SqlTemplate ByTenants = new($$"""
        {{Columns}}
        FROM unnest(@tenants) AS tenant (id)
        CROSS JOIN LATERAL (SELECT * FROM {Endpoint} WHERE {Endpoint.TenantId} = tenant.id OFFSET 0) e
        CROSS JOIN LATERAL (SELECT * FROM {EndpointState} WHERE {EndpointState.EndpointId} = e.{Endpoint.Id} OFFSET 0) s
        UNION ALL
        {{Joined}} WHERE @none AND e.{Endpoint.TenantId} IS NULL
        """);

    private static readonly SqlTemplate ByIds = new(Joined + " WHERE e.{Endpoint.Id} = ANY(@ids) ORDER BY e.{Endpoint.Id}");

    public static Task<List<WebhookEndpoint>> ReadByTenantsAsync(
        DbContext context, IReadOnlyCollection<string?> tenantIds, TimeSpan offset, CancellationToken cancellationToken) =>
        context.CreateCommand(
            ByTenants.For(context),
            ("tenants", tenantIds.OfType<string>().Distinct().ToArray()),
            ("none", tenantIds.Contains(null)),
            ("offset", offset)).ReadRowsAsync(Read, cancellationToken);

    public static Task<List<WebhookEndpoint>> ReadAsync(
        DbContext context, IReadOnlyCollection<EndpointId> ids, TimeSpan offset, CancellationToken cancellationToken) =>
        context.CreateCommand(
            ByIds.For(context), ("ids", ids.Select(id => id.Value).ToArray()), ("offset", offset)).ReadRowsAsync(Read, cancellationToken);

    private static WebhookEndpoint Read(DbDataReader reader) => new()
    {
        Id = new EndpointId(reader.GetGuid(0)),
        TenantId = reader.GetNullableString(1),
        Name = reader.GetNullableString(2),
        Url = reader.GetString(3),
        EventTypes = EndpointEntity.SplitEventTypes(reader.GetString(4)),
        IsOrdered = reader.GetBoolean(5),
        SkipFailingHead = reader.GetBoolean(6),
        Status = (EndpointStatus)reader.GetInt32(7),
        StatusReason = (EndpointStatusReason)reader.GetInt32(8),
        IsSlowedDown = reader.GetBoolean(9),
        Filter = reader.GetNullableString(10),
        Policy = EndpointEntity.ReadPolicy(reader.GetNullableString(11)),
        Version = reader.GetInt64(12),
        SecretsVersion = reader.GetInt64(13),
        Rate = EndpointStateEntity.ToRate(
            reader.GetNullable<int>(14), reader.GetNullable<long>(15) is { } period ? TimeSpan.FromMicroseconds(period) : null),
    };
}
