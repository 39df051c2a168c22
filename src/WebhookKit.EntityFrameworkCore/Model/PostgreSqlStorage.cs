using Microsoft.EntityFrameworkCore.Metadata;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>
/// How PostgreSQL keeps the tables that dispatch works on. Their dead rows come by count, not by share of the table:
/// millions of finished deliveries must not put off the vacuum that the few pending ones need.
/// </summary>
internal static class PostgreSqlStorage
{
    // The provider's own names for a table's storage parameters.
    private const string Prefix = "Npgsql:StorageParameter:";

    public static void Set(IMutableEntityType entityType)
    {
        (string Name, object Value)[] parameters = entityType.ClrType switch
        {
            var type when type == typeof(DeliveryEntity) => [("fillfactor", 90), .. VacuumEvery(50_000)],
            var type when type == typeof(OutboxEntity) => VacuumEvery(20_000),
            var type when type == typeof(EndpointStateEntity) => [("fillfactor", 50)],
            _ => [],
        };
        foreach (var (name, value) in parameters)
        {
            entityType.SetAnnotation(Prefix + name, value);
        }
    }

    private static (string Name, object Value)[] VacuumEvery(int rows) =>
    [
        ("autovacuum_vacuum_scale_factor", 0),
        ("autovacuum_vacuum_threshold", rows),
        ("autovacuum_analyze_scale_factor", 0),
        ("autovacuum_analyze_threshold", rows),
    ];
}
