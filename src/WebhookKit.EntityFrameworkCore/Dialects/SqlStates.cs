using System.Data.Common;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>What a failed statement's SQL state says; providers without states leave it open.</summary>
internal static class SqlStates
{
    /// <summary>Another transaction was faster, and the whole work may be done again.</summary>
    /// <remarks>
    /// Class 23 is a constraint: between a look and an insert another transaction may commit the same key. Class 40 is a
    /// transaction that the database ended, as in a deadlock. Neither leaves its commit in doubt.
    /// </remarks>
    public static bool IsLostRace(Exception exception) => Find(exception) is ['2', '3', ..] or ['4', '0', ..];

    /// <summary>The rows of another transaction were waited for as long as <see cref="LockPatience"/> allows.</summary>
    public static bool IsLockNotAvailable(Exception exception) => Find(exception) == "55P03";

    // Without a retrying strategy Npgsql wraps what a retry might have cured.
    private static string? Find(Exception exception) =>
        (exception as DbException ?? exception.InnerException as DbException)?.SqlState;
}
