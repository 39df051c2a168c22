namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Bounds how long the current transaction may stand open without a statement, where the database lets us.</summary>
/// <remarks>
/// A process that is stopped or cut off in the middle would otherwise keep its rows, and other nodes from fanning out in
/// order, for as long as its connection seems alive: hours, where no packet says that the peer is gone.
/// </remarks>
internal static class IdlePatience
{
    /// <summary>Far longer than our own pauses between two statements, shorter than a lease by default.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>An expression that sets the bound for the current transaction of PostgreSQL.</summary>
    public static readonly string Setting = $"set_config('idle_in_transaction_session_timeout', '{Limit.TotalMilliseconds:F0}', true)";
}
