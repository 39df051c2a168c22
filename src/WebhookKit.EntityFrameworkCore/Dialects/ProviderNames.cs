using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Tells databases apart where they need different things; no provider is referenced.</summary>
internal static class ProviderNames
{
    private const string Annotation = "WebhookKit:ProviderName";

    public static bool IsSqlite(this DatabaseFacade database) =>
        NameOf(database) == "Microsoft.EntityFrameworkCore.Sqlite";

    public static bool IsPostgreSql(this DatabaseFacade database) =>
        NameOf(database) == "Npgsql.EntityFrameworkCore.PostgreSQL";

    // Kept with the model, which belongs to one provider: asking reads the name from the provider's assembly each time.
    private static string? NameOf(DatabaseFacade database) =>
        ((IDatabaseFacadeDependenciesAccessor)database).Context.Model.GetOrAddRuntimeAnnotationValue(
            Annotation, static database => database!.ProviderName, database);
}
