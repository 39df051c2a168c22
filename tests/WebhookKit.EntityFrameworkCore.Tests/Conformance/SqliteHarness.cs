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
