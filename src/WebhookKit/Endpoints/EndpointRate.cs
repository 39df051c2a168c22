using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebhookKit;

/// <summary>The most requests an endpoint gets in a period, from all processes together and evenly spread over it.</summary>
/// <remarks>Its text is <c>50/s</c>, <c>100/m</c>, <c>1000/h</c>, or with any other period <c>10/00:00:30</c>.</remarks>
public readonly record struct EndpointRate : IParsable<EndpointRate>
{
    /// <summary>The most requests of a period.</summary>
    public const int MaxRequests = 1_000_000;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMicroseconds(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(1);

    /// <summary>Creates a rate.</summary>
    /// <param name="requests">How many requests, from 1 to <see cref="MaxRequests"/>.</param>
    /// <param name="period">In which time, at most a day, and at least a microsecond for each request.</param>
    /// <exception cref="ArgumentOutOfRangeException">Either is out of bounds.</exception>
    public EndpointRate(int requests, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(requests, MaxRequests);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, requests * ShortestInterval);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(period, LongestPeriod);
        Requests = requests;
        Period = period;
    }

    /// <summary>How many requests.</summary>
    public int Requests { get; }

    /// <summary>In which time.</summary>
    public TimeSpan Period { get; }

    /// <summary>The time from one request to the next, in whole microseconds, never shorter than the rate allows.</summary>
    public TimeSpan Interval => Requests == 0
        ? TimeSpan.Zero
        : TimeSpan.FromMicroseconds((long)Math.Ceiling(Period.TotalMicroseconds / Requests));

    /// <summary>So many requests a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="requests"/> is not from 1 to <see cref="MaxRequests"/>.</exception>
    public static EndpointRate PerSecond(int requests) => new(requests, TimeSpan.FromSeconds(1));

    /// <summary>So many requests a minute.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="requests"/> is not from 1 to <see cref="MaxRequests"/>.</exception>
    public static EndpointRate PerMinute(int requests) => new(requests, TimeSpan.FromMinutes(1));

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no rate.</exception>
    public static EndpointRate Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var rate)
        ? rate
        : throw new FormatException($"'{s}' is no rate: write requests and period, such as 50/s, 100/m or 10/00:00:30.");

    /// <summary>Reads the text form, whatever the culture.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EndpointRate result)
    {
        result = default;
        if (s?.Split('/') is not [var count, var unit]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var requests)
            || !TryParsePeriod(unit, out var period)
            || requests is < 1 or > MaxRequests
            || period > LongestPeriod
            || period < requests * ShortestInterval)
        {
            return false;
        }

        result = new EndpointRate(requests, period);
        return true;
    }

    /// <summary>Reads the text form, whatever the culture.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out EndpointRate result) => TryParse(s, null, out result);

    /// <summary>Writes the text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests}/{FormatPeriod(Period)}");

    private static bool TryParsePeriod(string text, out TimeSpan period)
    {
        period = text switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };

        // A bare number would be read as days.
        return period > TimeSpan.Zero
            || (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out period));
    }

    private static string FormatPeriod(TimeSpan period) =>
        period == TimeSpan.FromSeconds(1) ? "s"
        : period == TimeSpan.FromMinutes(1) ? "m"
        : period == TimeSpan.FromHours(1) ? "h"
        : period.ToString("c", CultureInfo.InvariantCulture);
}
