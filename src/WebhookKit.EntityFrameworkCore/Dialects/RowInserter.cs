using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Inserts many rows in few statements, past the change tracker and the host's <c>SaveChanges</c>.</summary>
/// <remarks>Names, types and converters come from the finished model, so that a host's conventions are kept.</remarks>
internal static class RowInserter
{
    // The lowest bound of a common provider (SQL Server: 2,100 parameters), with a margin.
    private const int MaxParameters = 2_000;

    public static async Task InsertRowsAsync<TEntity>(
        this DbContext context, IReadOnlyList<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        if (rows.Count == 0)
        {
            return;
        }

        // What the database gives itself is left to it.
        IProperty[] properties =
            [.. EntityType<TEntity>(context).GetProperties().Where(property => property.ValueGenerated == ValueGenerated.Never)];
        if (context.Database.IsPostgreSql())
        {
            await CreateBatchCommand(context, properties, rows).RunAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        if (context.Database.IsSqlite())
        {
            RunForEach(context, properties, rows);
            return;
        }

        foreach (var chunk in rows.Chunk(MaxParameters / properties.Length))
        {
            await CreateCommand(context, properties, chunk).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static IEntityType EntityType<TEntity>(DbContext context) =>
        context.Model.FindEntityType(typeof(TEntity))
        ?? throw new InvalidOperationException($"The model of {context.GetType().Name} lacks {typeof(TEntity).Name}.");

    private static DbCommand CreateCommand<TEntity>(DbContext context, IProperty[] properties, TEntity[] rows)
        where TEntity : class
    {
        var sql = context.GetService<ISqlGenerationHelper>();
        var text = InsertInto<TEntity>(context, properties, sql).Append(" VALUES ");
        var command = context.CreateCommand("");
        var number = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            text.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < properties.Length; column++)
            {
                var property = properties[column];
                var name = sql.GenerateParameterName($"p{number++}");
                text.Append(column == 0 ? "" : ", ").Append(name);
                command.Parameters.Add(property.GetRelationalTypeMapping().CreateParameter(
                    command, name, property.GetGetter().GetClrValue(rows[row]), property.IsNullable));
            }

            text.Append(')');
        }

        command.CommandText = text.ToString();
        return command;
    }

    // In process a prepared statement costs less for each row than a text of many rows, however few they are.
    private static void RunForEach<TEntity>(DbContext context, IProperty[] properties, IReadOnlyList<TEntity> rows)
        where TEntity : class
    {
        using var command = CreateCommand(context, properties, [rows[0]]);
        command.ExecuteNonQuery();
        for (var row = 1; row < rows.Count; row++)
        {
            for (var column = 0; column < properties.Length; column++)
            {
                var value = properties[column].GetGetter().GetClrValue(rows[row]);
                command.Parameters[column].Value =
                    (properties[column].GetTypeMapping().Converter?.ConvertToProvider(value) ?? value) ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }

    private static DbCommand CreateBatchCommand<TEntity>(DbContext context, IProperty[] properties, IReadOnlyList<TEntity> rows)
        where TEntity : class
    {
        var columns = new BatchColumns("p");
        for (var column = 0; column < properties.Length; column++)
        {
            var values = ColumnOf(properties[column], rows, out var varies);
            columns.Add($"c{column}", properties[column].GetColumnType(), values, varies);
        }

        var command = context.CreateCommand(
            InsertInto<TEntity>(context, properties, context.GetService<ISqlGenerationHelper>()).Append(' ').Append(columns.Query).ToString());
        columns.AddParameters(command);
        return command;
    }

    private static Array ColumnOf<TEntity>(IProperty property, IReadOnlyList<TEntity> rows, out bool varies)
        where TEntity : class
    {
        var converter = property.GetTypeMapping().Converter;
        var type = converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        var element = type.IsValueType && property.IsNullable ? typeof(Nullable<>).MakeGenericType(type) : type;
        var values = Array.CreateInstance(element, rows.Count);
        var getter = property.GetGetter();
        object? first = null;
        varies = false;
        for (var row = 0; row < rows.Count; row++)
        {
            var value = getter.GetClrValue(rows[row]);
            value = value is null || converter is null ? value : converter.ConvertToProvider(value);
            first = row == 0 ? value : first;
            varies |= !Equals(value, first);
            values.SetValue(value, row);
        }

        return values;
    }

    private static StringBuilder InsertInto<TEntity>(DbContext context, IProperty[] properties, ISqlGenerationHelper sql)
        where TEntity : class
    {
        var table = StoreObjectIdentifier.Create(EntityType<TEntity>(context), StoreObjectType.Table)!.Value;
        return new StringBuilder("INSERT INTO ")
            .Append(sql.DelimitIdentifier(table.Name, table.Schema))
            .Append(" (").AppendJoin(", ", properties.Select(property => sql.DelimitIdentifier(property.GetColumnName(table)!))).Append(')');
    }
}
