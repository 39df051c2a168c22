using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.StoreConformance;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>The EF Core stores on a SQLite file of their own.</summary>
internal sealed class SqliteHarness : EntityFrameworkHarness
{
    private readonly string _file;

    private SqliteHarness(string file, Dialect? dialect)
        : base(options => options.UseSqlite($"Data Source={file}"), dialect)
    {
        _file = file;
    }

    public static Task<StoreHarness> CreateAsync() => CreateAsync(dialect: null);

    public static Task<StoreHarness> CreatePortableAsync() => CreateAsync(Dialect.Portable);

    private static async Task<StoreHarness> CreateAsync(Dialect? dialect)
    {
        var harness = new SqliteHarness(Path.Combine(Path.GetTempPath(), $"webhookkit-{Guid.NewGuid():N}.db"), dialect);
        await harness.UseAsync(async db =>
        {
            await db.Database.EnsureCreatedAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
        });
        return harness;
    }

    /// <summary>Reads every cell of every table, past any model.</summary>
    public async Task<List<(string Column, object Value)>> ReadTablesAsync()
    {
        var cells = new List<(string, object)>();
        await using var connection = new SqliteConnection($"Data Source={_file}");
        await connection.OpenAsync();
        foreach (var table in await ReadAsync("SELECT name FROM sqlite_master WHERE type = 'table'", reader => reader.GetString(0)))
        {
            cells.AddRange((await ReadAsync(
                $"SELECT * FROM \"{table}\"",
                reader => Enumerable.Range(0, reader.FieldCount).Select(i => ($"{table}.{reader.GetName(i)}", reader.GetValue(i))).ToArray()))
                .SelectMany(row => row));
        }

        return cells;

        async Task<List<T>> ReadAsync<T>(string sql, Func<SqliteDataReader, T> read)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(_file + suffix);
        }
    }
}
