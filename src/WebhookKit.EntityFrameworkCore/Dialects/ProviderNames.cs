using Microsoft.EntityFrameworkCore.Infrastructure;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Tells databases apart where they need different things; no provider is referenced.</summary>
internal static class ProviderNames
{
    public static bool IsSqlite(this DatabaseFacade database) =>
        database.ProviderName == "Microsoft.EntityFrameworkCore.Sqlite";

    public static bool IsPostgreSql(this DatabaseFacade database) =>
        database.ProviderName == "Npgsql.EntityFrameworkCore.PostgreSQL";
}
