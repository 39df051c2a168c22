using System.Data.Common;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Rows handed to a statement of PostgreSQL column by column: an array where they differ, one value where they are alike.</summary>
/// <remarks>
/// Most columns of a batch are alike, and every element of an array is sent, parsed and formed into a row by itself.
/// The text is the same for every count of rows, and there is no limit to them.
/// </remarks>
/// <param name="prefix">What the names of the parameters begin with.</param>
internal sealed class BatchColumns(string prefix)
{
    private readonly List<Column> _columns = [];

    /// <summary>The rows as a query.</summary>
    public string Query
    {
        get
        {
            var varying = _columns.FindAll(column => column.Varies);
            var list = string.Join(", ", _columns.Select(column => column.Varies
                ? $"u.{column.Name}"
                : $"@{prefix}{column.Name}::{column.Type} AS {column.Name}"));
            var arrays = string.Join(", ", varying.Select(column => $"@{prefix}{column.Name}"));
            return $"SELECT {list} FROM unnest({arrays}) AS u ({string.Join(", ", varying.Select(column => column.Name))})";
        }
    }

    /// <summary>Adds a column; the first one has to be that which tells the rows apart.</summary>
    public BatchColumns Add<T>(string name, string type, T[] values)
    {
        var varies = _columns.Count == 0 || values.Length == 0 || Array.Exists(values, value => !EqualityComparer<T>.Default.Equals(value, values[0]));
        _columns.Add(new Column(name, type, varies, varies ? values : values[0]));
        return this;
    }

    /// <summary>Adds a column whose elements only a model knows.</summary>
    public BatchColumns Add(string name, string type, Array values, bool varies)
    {
        varies |= _columns.Count == 0 || values.Length == 0;
        _columns.Add(new Column(name, type, varies, varies ? values : values.GetValue(0)));
        return this;
    }

    /// <summary>Gives a command the parameters of the query.</summary>
    public void AddParameters(DbCommand command)
    {
        foreach (var column in _columns)
        {
            command.AddParameter(prefix + column.Name, column.Value);
        }
    }

    private readonly record struct Column(string Name, string Type, bool Varies, object? Value);
}
