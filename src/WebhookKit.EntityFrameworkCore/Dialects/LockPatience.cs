using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Bounds how long statements of the current transaction wait for another's rows, where the database lets us.</summary>
internal static class LockPatience
{
    /// <summary>Runs the statements with the bound, and gives the transaction its own back when they succeed.</summary>
    public static async Task RunAsync(DbContext context, TimeSpan patience, Func<Task> statements, CancellationToken cancellationToken)
    {
        if (!context.Database.IsPostgreSql())
        {
            await statements().ConfigureAwait(false);
            return;
        }

        var own = await AskAsync(context, "SELECT current_setting('lock_timeout')", value: null, cancellationToken).ConfigureAwait(false);
        await SetAsync($"{patience.TotalMilliseconds:F0}").ConfigureAwait(false);
        await statements().ConfigureAwait(false);
        await SetAsync(own).ConfigureAwait(false);

        Task<string> SetAsync(string value) =>
            AskAsync(context, "SELECT set_config('lock_timeout', @value, true)", value, cancellationToken);
    }

    private static async Task<string> AskAsync(DbContext context, string sql, string? value, CancellationToken cancellationToken)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
            command.CommandText = sql;
            if (value is not null)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "value";
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }

            return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }
}
