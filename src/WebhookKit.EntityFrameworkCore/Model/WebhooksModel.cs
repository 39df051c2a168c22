using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>What all of WebhookKit's tables have in common.</summary>
internal static partial class WebhooksModel
{
    public static bool IsOurs(IReadOnlyTypeBase entityType) => entityType.ClrType.Assembly == typeof(WebhooksModel).Assembly;

    /// <summary>Names the columns, and stores ids and instants as the database of the model orders them.</summary>
    public static void SetColumns(IMutableEntityType entityType)
    {
        var isPostgreSql = IsPostgreSql(entityType.Model);
        if (isPostgreSql)
        {
            PostgreSqlStorage.Set(entityType);
        }

        // EF finds a property of a type it does not know only where a key or an index names it.
        foreach (var member in entityType.ClrType.GetProperties())
        {
            var property = entityType.FindProperty(member) ?? entityType.AddProperty(member);
            property.SetColumnName(WordStart().Replace(property.Name, "_").ToLowerInvariant());
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type.IsEnum)
            {
                // A host's convention may store its own as text; our filtered indexes compare numbers.
                property.SetProviderClrType(typeof(int));
            }
            else if ((StoredId.Find(type, isPostgreSql) ?? StoredInstant.Find(type, isPostgreSql)) is { } converter)
            {
                property.SetValueConverter(converter);
            }

            if (property.GetValueConverter()?.ProviderClrType == typeof(byte[]))
            {
                property.SetMaxLength(16);
                property.SetIsFixedLength(true);
            }
        }
    }

    // No context is at hand while a model is built; but the conventions of Npgsql begin by leaving their annotations on it.
    private static bool IsPostgreSql(IMutableModel model) =>
        model.GetAnnotations().Any(annotation => annotation.Name.StartsWith("Npgsql:", StringComparison.Ordinal));

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
