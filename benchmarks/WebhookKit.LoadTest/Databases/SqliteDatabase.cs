using System.Diagnostics;
using Microsoft.Data.Sqlite;
using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Databases;

/// <summary>A file in a temporary folder, in WAL mode.</summary>
internal sealed class SqliteDatabase : LoadDatabase
{
    private readonly DirectoryInfo _folder;

    private SqliteDatabase(StoreSettings settings, DirectoryInfo folder)
        : base(settings)
    {
        _folder = folder;
    }

    public static async Task<SqliteDatabase> CreateAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("webhookkit-load-");
        var connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.FullName, "load.db") }.ConnectionString;
        var database = new SqliteDatabase(new StoreSettings(StoreKind.Sqlite, connectionString), folder);
        await using var context = LoadDb.Open(database.Settings);
        await context.Database.EnsureCreatedAsync(cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var mode = connection.CreateCommand();
        mode.CommandText = "PRAGMA journal_mode = WAL";
        await mode.ExecuteNonQueryAsync(cancellationToken);
        return database;
    }

    public override Task AddMessagesAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken)
    {
        var insert = Table("webhook_messages").InsertSelect(
            ("id", "@id"),
            ("tenant_id", "@tenant"),
            ("event_type", $"'{MessageShape.EventType}'"),
            ("content_type", $"'{MessageDefaults.ContentType}'"),
            ("payload", "@payload"),
            ("occurred_at", $"{SqliteInstant.Now()}"));
        var payload = shape.CreatePayload();
        return InsertAsync(
            insert,
            ids.Select((id, number) => new Row { ["@id"] = Bytes(id), ["@tenant"] = shape.TenantOfMessage(number), ["@payload"] = payload }),
            cancellationToken);
    }

    public override Task<long> AddToOutboxAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken) =>
        InsertAsync(
            Table("webhook_outbox").InsertSelect(("message_id", "@id"), ("tenant_id", "@tenant")),
            ids.Select((id, number) => new Row { ["@id"] = Bytes(id), ["@tenant"] = shape.TenantOfMessage(number) }),
            cancellationToken);

    public override Task AddHistoryAsync(int deliveries, MessageShape shape, CancellationToken cancellationToken)
    {
        var insert = Table("webhook_deliveries").InsertSelect(
            ("id", "@id"), ("message_id", "@id"), ("endpoint_id", "@endpoint"),
            ("status", $"{(int)DeliveryStatus.Succeeded}"), ("attempts", "1"), ("due_at", "@due"));
        var endpoints = Enumerable.Range(0, shape.Endpoints).Select(number => Bytes(MessageShape.IdOf(number).Value)).ToArray();
        var clock = new SteppingClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1), TimeSpan.FromDays(1) / deliveries);
        var ids = new IdGenerator(clock);
        return InsertAsync(
            insert,
            Enumerable.Range(0, deliveries).Select(number => new Row
            {
                ["@id"] = Bytes(ids.NewDeliveryId().Value),
                ["@endpoint"] = endpoints[number % endpoints.Length],
                ["@due"] = SqliteInstant.From(clock.GetUtcNow()),
            }),
            cancellationToken);
    }

    public override async Task AddBacklogAsync(int deliveries, int endpoint, MessageShape shape, CancellationToken cancellationToken)
    {
        var message = new IdGenerator(TimeProvider.System).NewMessageId().Value;
        await AddMessagesAsync([message], shape, cancellationToken);
        var due = SqliteInstant.From(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1));
        var insert = Table("webhook_deliveries").InsertSelect(
            ("id", "@id"), ("message_id", "@message"), ("endpoint_id", "@endpoint"),
            ("status", $"{(int)DeliveryStatus.Pending}"), ("due_at", "@due"), ("next_attempt_at", "@due"));
        var ids = new IdGenerator(TimeProvider.System);
        await InsertAsync(
            insert,
            Enumerable.Range(0, deliveries).Select(number => new Row
            {
                ["@id"] = Bytes(ids.NewDeliveryId().Value),
                ["@message"] = Bytes(message),
                ["@endpoint"] = Bytes(MessageShape.IdOf(endpoint).Value),
                ["@due"] = due + number,
            }),
            cancellationToken);
    }

    public override async Task<Contents> ReadContentsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = ContentsQuery.Sql;
        return await ContentsQuery.ReadAsync(command, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(Settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public WebhookTable Table(string name)
    {
        using var context = LoadDb.Open(Settings);
        return WebhookTable.Find(context, name);
    }

    private async Task<long> InsertAsync(string insert, IEnumerable<Row> rows, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = insert;
        foreach (var row in rows)
        {
            foreach (var (name, value) in row)
            {
                if (command.Parameters.Contains(name))
                {
                    command.Parameters[name].Value = value;
                }
                else
                {
                    command.Parameters.AddWithValue(name, value);
                }
            }

            command.ExecuteNonQuery();
        }

        var committing = Stopwatch.GetTimestamp();
        transaction.Commit();
        return committing;
    }

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private sealed class Row : Dictionary<string, object>;

    /// <summary>A clock that goes one step on each time it is read.</summary>
    private sealed class SteppingClock(DateTimeOffset start, TimeSpan step) : TimeProvider
    {
        private DateTimeOffset _now = start;

        public override DateTimeOffset GetUtcNow() => _now += step;
    }
}
