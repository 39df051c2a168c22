using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>SQL of a dialect in which <c>{Delivery}</c> is a table of ours and <c>{Delivery.DueAt}</c> a column.</summary>
/// <remarks>Names come from the finished model, so that a host's schema and conventions are kept.</remarks>
internal sealed partial class SqlTemplate(string text)
{
    private readonly ConcurrentDictionary<IModel, string> _resolved = new();

    /// <summary>Writes the names of the context's model into the text.</summary>
    public string For(DbContext context) =>
        _resolved.GetOrAdd(context.Model, static (model, arguments) =>
        {
            var sql = arguments.context.GetService<ISqlGenerationHelper>();
            return Name().Replace(arguments.text, match => Resolve(model, sql, match));
        }, (context, text));

    private static string Resolve(IModel model, ISqlGenerationHelper sql, Match match)
    {
        var (entity, property) = (match.Groups["entity"].Value, match.Groups["property"]);
        var entityType = model.GetEntityTypes().Single(type =>
            type.ClrType.Assembly == typeof(SqlTemplate).Assembly && type.ClrType.Name == entity + "Entity");
        var table = StoreObjectIdentifier.Create(entityType, StoreObjectType.Table)!.Value;
        return property.Success
            ? sql.DelimitIdentifier(entityType.FindProperty(property.Value)!.GetColumnName(table)!)
            : sql.DelimitIdentifier(table.Name, table.Schema);
    }

    [GeneratedRegex(@"\{(?<entity>\w+)(\.(?<property>\w+))?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
