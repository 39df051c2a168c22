using Microsoft.EntityFrameworkCore;

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
        var command = value is null ? context.CreateCommand(sql) : context.CreateCommand(sql, ("value", value));
        return (await command.ReadRowsAsync(reader => reader.GetString(0), cancellationToken).ConfigureAwait(false))[0];
    }
}
