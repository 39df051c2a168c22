namespace WebhookKit.LoadTest.Databases;

/// <summary>Instants as WebhookKit stores them on SQLite: integer microseconds since 1970.</summary>
internal static class SqliteInstant
{
    public static long Now() => From(TimeProvider.System.GetUtcNow());

    public static long From(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
