using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>The clock that leases, due times and memories are counted by: PostgreSQL's own, or the process's.</summary>
/// <remarks>
/// SQLite runs inside the process, so its clock is the process's; it is not the injected <see cref="TimeProvider"/>,
/// which a host may fake for its own ends while the database's time goes on.
/// </remarks>
internal sealed class DatabaseClock
{
    /// <summary>Moves the clock, for tests.</summary>
    public TimeSpan Offset { get; set; }

    public ValueTask<DateTimeOffset> GetUtcNowAsync(DbContext context, CancellationToken cancellationToken) =>
        GetUtcNowAsync(context, "SELECT now()", cancellationToken);

    /// <summary>Asks at the beginning of a transaction, and bounds with the same question how long it may stand idle.</summary>
    public ValueTask<DateTimeOffset> BeginAsync(DbContext context, CancellationToken cancellationToken) =>
        GetUtcNowAsync(context, $"SELECT now(), {IdlePatience.Setting}", cancellationToken);

    private async ValueTask<DateTimeOffset> GetUtcNowAsync(DbContext context, string question, CancellationToken cancellationToken)
    {
        var now = context.Database.IsPostgreSql()
            ? await AskAsync(context, question, cancellationToken).ConfigureAwait(false)
            : TimeProvider.System.GetUtcNow();
        return now + Offset;
    }

    private static async Task<DateTimeOffset> AskAsync(DbContext context, string question, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var rows = await context.CreateCommand(question)
                .ReadRowsAsync(reader => reader.GetFieldValue<DateTimeOffset>(0), cancellationToken).ConfigureAwait(false);
            return rows[0].ToUniversalTime();
        }
        finally
        {
            await context.Database.CloseConnectionAsync().ConfigureAwait(false);
        }
    }
}
