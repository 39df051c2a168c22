using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Bounds how many rows one transaction writes.</summary>
internal static class TurnSize
{
    // More would keep SQLite's one write lock longer than the host should wait for it.
    private const int OnSqlite = 50;

    public static int Limit(DbContext context, int rows) => context.Database.IsSqlite() ? Math.Min(rows, OnSqlite) : rows;
}
