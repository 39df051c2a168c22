namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>The clock that leases, due times and memories are counted by.</summary>
/// <remarks>
/// SQLite runs inside the process, so its clock is the process's; it is not the injected <see cref="TimeProvider"/>,
/// which a host may fake for its own ends while the database's time goes on.
/// </remarks>
internal sealed class DatabaseClock
{
    /// <summary>Moves the clock, for tests.</summary>
    public TimeSpan Offset { get; set; }

    public DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + Offset;
}
