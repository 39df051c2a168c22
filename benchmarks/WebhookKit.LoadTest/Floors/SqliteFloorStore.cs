using Microsoft.Data.Sqlite;
using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Floors;

/// <summary>The durable work with Microsoft.Data.Sqlite: prepared statements on one connection, a transaction for 500 deliveries.</summary>
internal sealed class SqliteFloorStore : IFloorStore
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, FloorEndpoint> _endpoints;
    private readonly SqliteCommand _take;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _record;

    public SqliteFloorStore(StoreSettings settings, FloorEndpoint[] endpoints)
    {
        _endpoints = endpoints.Index().ToDictionary(endpoint => MessageShape.TenantOf(endpoint.Index), endpoint => endpoint.Item);
        _connection = new SqliteConnection(settings.ConnectionString);
        _connection.Open();
        using (var pragma = _connection.CreateCommand())
        {
            pragma.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -20000";
            pragma.ExecuteNonQuery();
        }

        using var context = LoadDb.Open(settings);
        _take = Command("""
            SELECT m.id, m.tenant_id, m.content_type, m.payload, o.number
            FROM webhook_outbox o JOIN webhook_messages m ON m.id = o.message_id ORDER BY o.number LIMIT @max
            """, "@max");
        _delete = Command("DELETE FROM webhook_outbox WHERE number <= @last", "@last");
        _insert = Command(
            WebhookTable.Find(context, "webhook_deliveries").InsertSelect(
                ("id", "@id"), ("message_id", "@message"), ("endpoint_id", "@endpoint"), ("status", $"{(int)DeliveryStatus.Pending}"),
                ("due_at", "@due"), ("next_attempt_at", "@now"), ("lease_id", "@lease"), ("leases", "1")),
            "@id", "@message", "@endpoint", "@due", "@now", "@lease");
        _update = Command($"""
            UPDATE webhook_deliveries
            SET status = {(int)DeliveryStatus.Succeeded}, next_attempt_at = NULL, lease_id = NULL, leases = 0, attempts = attempts + 1
            WHERE id = @id AND lease_id = @lease
            """, "@id", "@lease");
        _record = Command(
            WebhookTable.Find(context, "webhook_attempts").InsertSelect(
                ("id", "@id"), ("delivery_id", "@delivery"), ("number", "1"), ("started_at", "@started"), ("duration", "@duration"),
                ("outcome", $"{(int)AttemptOutcome.Succeeded}"), ("status_code", "@code")),
            "@id", "@delivery", "@started", "@duration", "@code");
    }

    public Task PrepareAsync(int messages, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<FloorDelivery>> TakeAsync(int maxMessages, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var transaction = Begin();
            var taken = Read(maxMessages, out var last);
            if (taken.Count > 0)
            {
                Run(_delete, last);
                var now = SqliteInstant.Now();
                var due = now + LeaseDuration.Ticks / TimeSpan.TicksPerMicrosecond;
                foreach (var delivery in taken)
                {
                    Run(_insert, Bytes(delivery.Id), Bytes(delivery.MessageId), Bytes(delivery.Endpoint.Id), due, now, Bytes(delivery.LeaseId));
                }
            }

            transaction.Commit();
            return taken;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task CompleteAsync(IReadOnlyList<FloorDelivery> deliveries, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var transaction = Begin();
            foreach (var delivery in deliveries)
            {
                if (Run(_update, Bytes(delivery.Id), Bytes(delivery.LeaseId)) == 1)
                {
                    Run(_record, Bytes(delivery.AttemptId), Bytes(delivery.Id), SqliteInstant.From(delivery.StartedAt),
                        delivery.Duration.Ticks / TimeSpan.TicksPerMicrosecond, delivery.StatusCode);
                }
            }

            transaction.Commit();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in new[] { _take, _delete, _insert, _update, _record })
        {
            await command.DisposeAsync();
        }

        await _connection.DisposeAsync();
        _turn.Dispose();
    }

    private List<FloorDelivery> Read(int maxMessages, out long last)
    {
        last = 0;
        var lease = _ids.NewLeaseId().Value;
        var taken = new List<FloorDelivery>(maxMessages);
        _take.Parameters[0].Value = maxMessages;
        using var reader = _take.ExecuteReader();
        while (reader.Read())
        {
            taken.Add(new FloorDelivery
            {
                Id = _ids.NewDeliveryId().Value,
                LeaseId = lease,
                MessageId = new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true),
                Endpoint = _endpoints[reader.GetString(1)],
                ContentType = reader.GetString(2),
                Payload = reader.GetFieldValue<byte[]>(3),
            });
            last = reader.GetInt64(4);
        }

        return taken;
    }

    // BEGIN IMMEDIATE, and every command takes part.
    private SqliteTransaction Begin()
    {
        var transaction = _connection.BeginTransaction();
        foreach (var command in new[] { _take, _delete, _insert, _update, _record })
        {
            command.Transaction = transaction;
        }

        return transaction;
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        command.Prepare();
        return command;
    }

    private static int Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteNonQuery();
    }

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);
}
