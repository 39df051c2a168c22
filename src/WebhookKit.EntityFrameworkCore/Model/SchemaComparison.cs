using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>Asks the database for every table and column of ours, by the names in the finished model.</summary>
internal static class SchemaComparison
{
    /// <returns>What is missing, in the database's words; <see langword="null"/> when it does not answer.</returns>
    public static async Task<IReadOnlyList<string>?> FindMissingAsync(DbContext context, CancellationToken cancellationToken)
    {
        // Asked first, for opening a connection to SQLite would create the file.
        if (!await context.Database.CanConnectAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var missing = new List<string>();
        var sql = context.GetService<ISqlGenerationHelper>();
        foreach (var entityType in context.Model.GetEntityTypes().Where(WebhooksModel.IsOurs))
        {
            var table = StoreObjectIdentifier.Create(entityType, StoreObjectType.Table)!.Value;
            try
            {
                await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                var command = context.Database.GetDbConnection().CreateCommand();
                await using (command.ConfigureAwait(false))
                {
                    var columns = entityType.GetProperties().Select(property => sql.DelimitIdentifier(property.GetColumnName(table)!));
                    command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {sql.DelimitIdentifier(table.Name, table.Schema)} WHERE 1 = 0";
                    await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch (DbException exception)
            {
                if (exception.IsTransient || context.Database.GetDbConnection().State != ConnectionState.Open)
                {
                    return null;
                }

                missing.Add($"'{table.DisplayName()}' or a column of it ({exception.Message})");
            }
            catch (RetryLimitExceededException)
            {
                return null;
            }
            finally
            {
                await context.Database.CloseConnectionAsync().ConfigureAwait(false);
            }
        }

        return missing;
    }
}
