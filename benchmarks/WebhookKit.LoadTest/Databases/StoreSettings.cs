using Microsoft.EntityFrameworkCore;

namespace WebhookKit.LoadTest.Databases;

internal enum StoreKind
{
    Memory,
    Sqlite,
    Postgres,
}

/// <summary>Which store the sender and its floor use; it travels to their processes.</summary>
internal sealed record StoreSettings(StoreKind Kind, string ConnectionString)
{
    public void Use(DbContextOptionsBuilder options)
    {
        if (Kind == StoreKind.Postgres)
        {
            options.UseNpgsql(ConnectionString);
        }
        else
        {
            options.UseSqlite(ConnectionString);
        }
    }
}
