using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Databases;

/// <summary>A database of its own on the server, dropped afterwards.</summary>
internal sealed class PostgresDatabase : LoadDatabase
{
    private const int MessagesAtOnce = 5_000;

    private const string Yesterday = "now() - interval '1 day' + n * interval '1 day' / @count";

    private readonly string _server;
    private readonly string _name;
    private readonly NpgsqlDataSource _source;
    private readonly PostgresCounters _counters;

    private PostgresDatabase(StoreSettings settings, string server, string name, NpgsqlDataSource source, PostgresCounters counters)
        : base(settings)
    {
        _server = server;
        _name = name;
        _source = source;
        _counters = counters;
    }

    public NpgsqlDataSource Source => _source;

    public static async Task<PostgresDatabase> CreateAsync(string server, string name, CancellationToken cancellationToken)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxAutoPrepare = 50 }.ConnectionString;
        var settings = new StoreSettings(StoreKind.Postgres, connectionString);
        await using (var context = LoadDb.Open(settings))
        {
            await context.Database.EnsureCreatedAsync(cancellationToken);
        }

        var source = NpgsqlDataSource.Create(connectionString);
        return new PostgresDatabase(settings, server, name, source, await PostgresCounters.CreateAsync(source, cancellationToken));
    }

    public override async Task AddMessagesAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken)
    {
        var insert = Table("webhook_messages").InsertSelect(
            ("id", "m.id"),
            ("tenant_id", "m.tenant"),
            ("event_type", $"'{MessageShape.EventType}'"),
            ("content_type", $"'{MessageDefaults.ContentType}'"),
            ("payload", "@payload"),
            ("occurred_at", "now()"));
        var payload = shape.CreatePayload();
        var number = 0;
        foreach (var chunk in ids.Chunk(MessagesAtOnce))
        {
            await using var command = _source.CreateCommand($"{insert} FROM unnest(@ids, @tenants) m (id, tenant)");
            AddRows(command, chunk, number, shape);
            command.Parameters.AddWithValue("payload", payload);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
            number += chunk.Length;
        }

        await ExecuteAsync("ANALYZE webhook_messages", cancellationToken);
    }

    public override async Task<long> AddToOutboxAsync(
        IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken)
    {
        var insert = Table("webhook_outbox").InsertSelect(("message_id", "m.id"), ("tenant_id", "m.tenant"));
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"{insert} FROM unnest(@ids, @tenants) m (id, tenant)", connection, transaction);
        command.CommandTimeout = 0;
        AddRows(command, ids, 0, shape);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await _counters.StartCountingAsync(cancellationToken);
        var committing = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(cancellationToken);
        return committing;
    }

    public override async Task AddHistoryAsync(int deliveries, MessageShape shape, CancellationToken cancellationToken)
    {
        var insert = Table("webhook_deliveries").InsertSelect(
            ("id", IdAt(Yesterday, "n")),
            ("message_id", IdAt(Yesterday, "n")),
            ("endpoint_id", "@endpoints[1 + n % cardinality(@endpoints)]"),
            ("status", $"{(int)DeliveryStatus.Succeeded}"),
            ("attempts", "1"),
            ("due_at", Yesterday));
        await using var command = _source.CreateCommand($"{insert} FROM generate_series(1, @count) n");
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("count", deliveries);
        command.Parameters.AddWithValue(
            "endpoints", Enumerable.Range(0, shape.Endpoints).Select(number => MessageShape.IdOf(number).Value).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
        await SettleAsync(cancellationToken);
    }

    public override async Task AddBacklogAsync(int deliveries, int endpoint, MessageShape shape, CancellationToken cancellationToken)
    {
        var message = new IdGenerator(TimeProvider.System).NewMessageId().Value;
        await AddMessagesAsync([message], shape, cancellationToken);
        var insert = Table("webhook_deliveries").InsertSelect(
            ("id", IdAt("now() - interval '1 hour'", "@first + n")),
            ("message_id", "@message"),
            ("endpoint_id", "@endpoint"),
            ("status", $"{(int)DeliveryStatus.Pending}"),
            ("due_at", "now() - interval '1 hour' + n * interval '1 microsecond'"),
            ("next_attempt_at", "now() - interval '1 hour'"));
        await using var command = _source.CreateCommand($"{insert} FROM generate_series(1, @count) n");
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("count", deliveries);
        command.Parameters.AddWithValue("message", message);
        command.Parameters.AddWithValue("first", (long)endpoint * int.MaxValue);
        command.Parameters.AddWithValue("endpoint", MessageShape.IdOf(endpoint).Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task SettleAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("VACUUM (ANALYZE)", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    // A UUID of version 7, in the order of time and of the row's number.
    private static string IdAt(string instant, string number) =>
        $"(lpad(to_hex((extract(epoch FROM {instant}) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex({number}), 15, '0'))::uuid";

    public override Task StartLogAsync(CancellationToken cancellationToken) => _counters.StartLogAsync(cancellationToken);

    public override Task StartCountingAsync(CancellationToken cancellationToken) => _counters.StartCountingAsync(cancellationToken);

    public override Task<DatabaseCost> ReadCostAsync(CancellationToken cancellationToken) => _counters.ReadAsync(cancellationToken);

    public override Task<IReadOnlyList<string>> ReadTopStatementsAsync(CancellationToken cancellationToken) =>
        _counters.ReadTopStatementsAsync(cancellationToken);

    public override async Task<Contents> ReadContentsAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(ContentsQuery.Sql);
        command.CommandTimeout = 0;
        return await ContentsQuery.ReadAsync(command, cancellationToken);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await using var server = NpgsqlDataSource.Create(_server);
        await using var drop = server.CreateCommand($"DROP DATABASE {_name} WITH (FORCE)");
        await drop.ExecuteNonQueryAsync();
    }

    public WebhookTable Table(string name)
    {
        using var context = LoadDb.Open(Settings);
        return WebhookTable.Find(context, name);
    }

    private static void AddRows(NpgsqlCommand command, IReadOnlyList<Guid> ids, int firstNumber, MessageShape shape)
    {
        command.Parameters.AddWithValue("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, ids.ToArray());
        command.Parameters.AddWithValue("tenants", NpgsqlDbType.Array | NpgsqlDbType.Text,
            ids.Select((_, i) => shape.TenantOfMessage(firstNumber + i)).ToArray());
    }
}
