using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>Stores instants as <c>timestamptz</c> on PostgreSQL, else as integer microseconds, which every database can order.</summary>
internal static class StoredInstant
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    private static readonly ValueConverter<DateTimeOffset, long> Microseconds = new(
        instant => ToMicroseconds(instant), microseconds => FromMicroseconds(microseconds));

    // Npgsql writes no other offset.
    private static readonly ValueConverter<DateTimeOffset, DateTimeOffset> Utc = new(
        instant => instant.ToUniversalTime(), instant => instant);

    private static readonly ValueConverter<TimeSpan, long> Duration = new(
        duration => ToMicroseconds(duration),
        microseconds => TimeSpan.FromTicks(microseconds * TicksPerMicrosecond));

    public static ValueConverter? Find(Type type, bool asTimestamp) =>
        type == typeof(TimeSpan) ? Duration
        : type != typeof(DateTimeOffset) ? null
        : asTimestamp ? Utc : Microseconds;

    public static long ToMicroseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TicksPerMicrosecond;

    public static long ToMicroseconds(TimeSpan duration) => duration.Ticks / TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TicksPerMicrosecond);
}
