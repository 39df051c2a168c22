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

        var properties = EntityType<TEntity>(context).GetProperties().ToArray();
        foreach (var chunk in rows.Chunk(MaxParameters / properties.Length))
        {
            var command = CreateCommand(context, properties, chunk);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static IEntityType EntityType<TEntity>(DbContext context) =>
        context.Model.FindEntityType(typeof(TEntity))
        ?? throw new InvalidOperationException($"The model of {context.GetType().Name} lacks {typeof(TEntity).Name}.");

    private static DbCommand CreateCommand<TEntity>(DbContext context, IProperty[] properties, TEntity[] rows)
        where TEntity : class
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        var entityType = EntityType<TEntity>(context);
        var table = StoreObjectIdentifier.Create(entityType, StoreObjectType.Table)!.Value;
        var sql = context.GetService<ISqlGenerationHelper>();
        var columns = properties.Select(property => sql.DelimitIdentifier(property.GetColumnName(table)!));
        var text = new StringBuilder("INSERT INTO ")
            .Append(sql.DelimitIdentifier(table.Name, table.Schema))
            .Append(" (").AppendJoin(", ", columns).Append(") VALUES ");

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
}
