using Microsoft.EntityFrameworkCore;
using Npgsql;
using WebhookKit.Chaos.Faults;
using WebhookKit.Chaos.History;
using WebhookKit.Chaos.Publishing;

namespace WebhookKit.Chaos.Database;

/// <summary>A database of its own for one run, from the parent's side.</summary>
internal sealed class ChaosDatabase : IAsyncDisposable
{
    // A crashed server replays its log before it answers: a minute on a busy machine.
    private const int Attempts = 1_200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource _source;
    private readonly DbContextOptions<ChaosDb> _options;

    private ChaosDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        _source = NpgsqlDataSource.Create(connectionString);
        _options = new DbContextOptionsBuilder<ChaosDb>().UseNpgsql(connectionString).Options;
    }

    public string ConnectionString { get; }

    public static async Task<ChaosDatabase> CreateAsync(string server)
    {
        var database = new ChaosDatabase(new NpgsqlConnectionStringBuilder(server)
        {
            Database = $"chaos_{Environment.ProcessId}_{Environment.TickCount64}",
            ApplicationName = "chaos",
            IncludeErrorDetail = true,
        }.ConnectionString);
        await using var context = new ChaosDb(database._options);
        await context.Database.EnsureCreatedAsync();
        await database.ExecuteAsync(ChaosSchema.Sql);
        return database;
    }

    /// <summary>Every delivery under a lease that still stands.</summary>
    public Task<IReadOnlyList<LeasedRow>> ReadLeasedAsync() => ReadAsync(
        "select id, lease_id from webhook_deliveries where status = 0 and lease_id is not null and due_at > clock_timestamp()",
        row => new LeasedRow(row.GetGuid(0), row.GetGuid(1)));

    /// <summary>Messages that no fan-out has taken yet.</summary>
    public async Task<IReadOnlySet<Guid>> ReadUnsentAsync() =>
        (await ReadAsync("select message_id from webhook_outbox", row => row.GetGuid(0))).ToHashSet();

    /// <summary>How much is left to do: messages not fanned out, and deliveries that are pending.</summary>
    public async Task<(long Messages, long Deliveries)> ReadBacklogAsync() => (await ReadAsync(
        "select (select count(*) from webhook_outbox), (select count(*) from webhook_deliveries where status = 0)",
        row => (row.GetInt64(0), row.GetInt64(1))))[0];

    /// <summary>Makes the node's next statement of the fault's kind stand still for a while.</summary>
    public Task ArmAsync(Fault fault, string node) => ExecuteAsync(
        "insert into chaos_failpoints (writer, point, seconds) values ($1, $2, 0.7)", node, FaultNames.PointOf(fault));

    public Task DisarmAsync(string node) => ExecuteAsync("delete from chaos_failpoints where writer = $1", node);

    /// <summary>Whether a statement of the node stands still at a failpoint.</summary>
    public async Task<bool> IsStandingStillAsync(string node) => (await ReadAsync(
        "select count(*) from pg_stat_activity where application_name = $1 and wait_event = 'PgSleep'",
        row => row.GetInt64(0),
        node))[0] > 0;

    /// <summary>Opens a transaction that sees the database as it is now, until it is disposed.</summary>
    public Task<HeldSnapshot> HoldSnapshotAsync() =>
        PersistAsync(async () => await HeldSnapshot.TakeAsync(await _source.OpenConnectionAsync()));

    public Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] parameters) =>
        PersistAsync<IReadOnlyList<T>>(async () =>
        {
            await using var command = Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(read(reader));
            }

            return rows;
        });

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await using var context = new ChaosDb(_options);
        await context.Database.EnsureDeletedAsync();
    }

    private Task ExecuteAsync(string sql, params object[] parameters) => PersistAsync(async () =>
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    });

    // Connections of the time before a crash break on their first use.
    private static async Task<T> PersistAsync<T>(Func<Task<T>> run)
    {
        for (var left = Attempts; ; left--)
        {
            try
            {
                return await run();
            }
            catch (NpgsqlException exception) when (left > 1 && (exception.IsTransient || exception.SqlState is null or "57P01" or "57P03"))
            {
                await Task.Delay(Pause);
            }
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = _source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
