using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace WebhookKit.LoadTest.Databases;

/// <summary>
/// One of WebhookKit's tables as the model has it: a column that is not named here gets null or zero, unless the database
/// itself fills it.
/// </summary>
internal sealed class WebhookTable
{
    private readonly string _name;
    private readonly IReadOnlyDictionary<string, string> _unnamed;

    private WebhookTable(string name, IReadOnlyDictionary<string, string> unnamed)
    {
        _name = name;
        _unnamed = unnamed;
    }

    public static WebhookTable Find(DbContext context, string name)
    {
        var entityType = context.Model.GetEntityTypes().Single(entityType => entityType.GetTableName() == name);
        var table = StoreObjectIdentifier.Create(entityType, StoreObjectType.Table)!.Value;
        return new WebhookTable(name, entityType.GetProperties()
            .Where(property => property.ValueGenerated == ValueGenerated.Never)
            .ToDictionary(property => property.GetColumnName(table)!, property => property.IsNullable ? "null" : Zero(property)));
    }

    /// <summary>Writes <c>INSERT INTO … SELECT …</c>, to be followed by <c>FROM</c>.</summary>
    /// <param name="named">An SQL expression for each column that is given a value.</param>
    public string InsertSelect(params (string Column, string Expression)[] named)
    {
        var columns = new Dictionary<string, string>(_unnamed);
        foreach (var (column, expression) in named)
        {
            columns[column] = _unnamed.ContainsKey(column)
                ? expression
                : throw new LoadTestException($"{_name} has no column '{column}' any more: change the load program with it.");
        }

        return $"INSERT INTO {_name} ({string.Join(", ", columns.Keys)}) SELECT {string.Join(", ", columns.Values)}";
    }

    private static string Zero(IProperty property) =>
        (property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType) switch
        {
            var type when type == typeof(bool) => "false",
            var type when type == typeof(string) => "''",
            var type when type == typeof(byte[]) => property.GetRelationalTypeMapping().StoreType == "bytea" ? "''" : "x''",
            var type when type == typeof(DateTimeOffset) => "now()",
            _ => "0",
        };
}
