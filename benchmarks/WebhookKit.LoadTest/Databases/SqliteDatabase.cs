using System.Diagnostics;
using Microsoft.Data.Sqlite;
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

    public override async Task AddMessagesAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken)
    {
        var insert = Table("webhook_messages").InsertSelect(
            ("id", "@id"),
            ("tenant_id", "@tenant"),
            ("event_type", $"'{MessageShape.EventType}'"),
            ("content_type", $"'{MessageDefaults.ContentType}'"),
            ("payload", "@payload"),
            ("occurred_at", "@now"));
        await InsertAsync(insert, ids, shape, cancellationToken);
    }

    public override Task<long> AddToOutboxAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken) =>
        InsertAsync(
            Table("webhook_outbox").InsertSelect(("message_id", "@id"), ("tenant_id", "@tenant")), ids, shape, cancellationToken);

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

    private async Task<long> InsertAsync(
        string insert, IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = insert;
        var id = command.Parameters.Add("@id", SqliteType.Blob);
        var tenant = command.Parameters.Add("@tenant", SqliteType.Text);
        command.Parameters.AddWithValue("@payload", shape.CreatePayload());
        command.Parameters.AddWithValue("@now", SqliteInstant.Now());
        for (var i = 0; i < ids.Count; i++)
        {
            id.Value = ids[i].ToByteArray(bigEndian: true);
            tenant.Value = shape.TenantOfMessage(i);
            command.ExecuteNonQuery();
        }

        var committing = Stopwatch.GetTimestamp();
        transaction.Commit();
        return committing;
    }
}
