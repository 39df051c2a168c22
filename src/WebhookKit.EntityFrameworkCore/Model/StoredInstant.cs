using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>Stores instants and durations as integer microseconds, which every database can order and compare.</summary>
internal static class StoredInstant
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    public static ValueConverter<DateTimeOffset, long> Instant { get; } = new(
        instant => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TicksPerMicrosecond,
        microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TicksPerMicrosecond));

    public static ValueConverter<TimeSpan, long> Duration { get; } = new(
        duration => duration.Ticks / TicksPerMicrosecond,
        microseconds => TimeSpan.FromTicks(microseconds * TicksPerMicrosecond));
}
