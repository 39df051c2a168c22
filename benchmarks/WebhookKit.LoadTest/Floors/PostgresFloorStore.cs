using Npgsql;
using NpgsqlTypes;
using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Floors;

/// <summary>The durable work with Npgsql: three statements for 500 deliveries, prepared, on two connections.</summary>
internal sealed class PostgresFloorStore : IFloorStore
{
    private const string Lease = "interval '30 seconds'";

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly NpgsqlDataSource _source;
    private readonly Dictionary<string, FloorEndpoint> _endpoints;
    private readonly string _takeSql;
    private readonly string _insertSql;
    private readonly string _completeSql;
    private NpgsqlConnection? _taking;
    private NpgsqlConnection? _completing;

    public PostgresFloorStore(StoreSettings settings, FloorEndpoint[] endpoints)
    {
        _source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(settings.ConnectionString) { AutoPrepareMinUsages = 1 });
        _endpoints = endpoints.Index().ToDictionary(endpoint => MessageShape.TenantOf(endpoint.Index), endpoint => endpoint.Item);
        using var context = LoadDb.Open(settings);
        _takeSql = """
            WITH taken AS (
              DELETE FROM webhook_outbox WHERE number = ANY(ARRAY(
                SELECT number FROM webhook_outbox ORDER BY number LIMIT @max FOR UPDATE SKIP LOCKED))
              RETURNING message_id)
            SELECT m.id, m.tenant_id, m.content_type, m.payload FROM taken JOIN webhook_messages m ON m.id = taken.message_id
            """;
        _insertSql = WebhookTable.Find(context, "webhook_deliveries").InsertSelect(
            ("id", "d.id"), ("message_id", "d.message_id"), ("endpoint_id", "d.endpoint_id"),
            ("status", $"{(int)DeliveryStatus.Pending}"), ("due_at", $"now() + {Lease}"), ("next_attempt_at", "now()"),
            ("lease_id", "@lease"), ("leases", "1"))
            + " FROM unnest(@ids, @messages, @endpoints) d (id, message_id, endpoint_id)";
        _completeSql = $"""
            WITH o AS (SELECT * FROM unnest(@ids, @leases, @attempts, @started, @durations, @codes) o (id, lease, attempt, started, duration, code)),
            u AS (UPDATE webhook_deliveries d
              SET status = {(int)DeliveryStatus.Succeeded}, next_attempt_at = NULL, lease_id = NULL, leases = 0, attempts = d.attempts + 1
              FROM o WHERE d.id = o.id AND d.lease_id = o.lease
              RETURNING d.id, d.attempts, o.attempt, o.started, o.duration, o.code)
            """ + "\n" + WebhookTable.Find(context, "webhook_attempts").InsertSelect(
                ("id", "u.attempt"), ("delivery_id", "u.id"), ("number", "u.attempts"), ("started_at", "u.started"),
                ("duration", "u.duration"), ("outcome", $"{(int)AttemptOutcome.Succeeded}"), ("status_code", "u.code")) + " FROM u";
    }

    public async Task PrepareAsync(int messages, CancellationToken cancellationToken)
    {
        _taking ??= await _source.OpenConnectionAsync(cancellationToken);
        _completing ??= await _source.OpenConnectionAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<FloorDelivery>> TakeAsync(int maxMessages, CancellationToken cancellationToken)
    {
        await using var transaction = await _taking!.BeginTransactionAsync(cancellationToken);
        var lease = _ids.NewLeaseId().Value;
        var taken = new List<FloorDelivery>(maxMessages);
        await using (var take = new NpgsqlCommand(_takeSql, _taking))
        {
            take.Parameters.AddWithValue("max", maxMessages);
            await using var reader = await take.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                taken.Add(new FloorDelivery
                {
                    Id = _ids.NewDeliveryId().Value,
                    LeaseId = lease,
                    MessageId = reader.GetGuid(0),
                    Endpoint = _endpoints[reader.GetString(1)],
                    ContentType = reader.GetString(2),
                    Payload = reader.GetFieldValue<byte[]>(3),
                });
            }
        }

        await using var insert = new NpgsqlCommand(_insertSql, _taking);
        insert.Parameters.AddWithValue("lease", lease);
        AddArray(insert, "ids", NpgsqlDbType.Uuid, taken, delivery => delivery.Id);
        AddArray(insert, "messages", NpgsqlDbType.Uuid, taken, delivery => delivery.MessageId);
        AddArray(insert, "endpoints", NpgsqlDbType.Uuid, taken, delivery => delivery.Endpoint.Id);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return taken;
    }

    public async Task CompleteAsync(IReadOnlyList<FloorDelivery> deliveries, CancellationToken cancellationToken)
    {
        await using var complete = new NpgsqlCommand(_completeSql, _completing);
        AddArray(complete, "ids", NpgsqlDbType.Uuid, deliveries, delivery => delivery.Id);
        AddArray(complete, "leases", NpgsqlDbType.Uuid, deliveries, delivery => delivery.LeaseId);
        AddArray(complete, "attempts", NpgsqlDbType.Uuid, deliveries, delivery => delivery.AttemptId);
        AddArray(complete, "started", NpgsqlDbType.TimestampTz, deliveries, delivery => delivery.StartedAt.UtcDateTime);
        AddArray(complete, "durations", NpgsqlDbType.Bigint, deliveries, delivery => delivery.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
        AddArray(complete, "codes", NpgsqlDbType.Integer, deliveries, delivery => delivery.StatusCode);
        await complete.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await (_taking?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_completing?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _source.DisposeAsync();
    }

    private static void AddArray<T>(
        NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<FloorDelivery> deliveries, Func<FloorDelivery, T> select) =>
        command.Parameters.AddWithValue(name, NpgsqlDbType.Array | type, deliveries.Select(select).ToArray());
}
