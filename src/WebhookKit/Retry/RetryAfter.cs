using System.Globalization;

namespace WebhookKit.Retry;

/// <summary>What a receiver asks for with the <c>Retry-After</c> header (RFC 9110, section 10.2.3).</summary>
public static class RetryAfter
{
    // RFC 9110 section 5.6.7: IMF-fixdate, RFC 850, and asctime, whose day is padded with a space.
    private static readonly string[] DateForms =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM dd HH:mm:ss yyyy",
        "ddd MMM  d HH:mm:ss yyyy",
    ];

    /// <summary>Reads a header value: seconds, or a date in any of the three forms of HTTP.</summary>
    /// <param name="headerValue">The value as received.</param>
    /// <param name="now">The instant a date is measured against.</param>
    /// <returns>
    /// The wait, from zero (a date in the past) to <see cref="RetryDefaults.RetryAfterCap"/>; null when there is
    /// no value or it is neither.
    /// </returns>
    public static TimeSpan? Parse(string? headerValue, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(headerValue))
        {
            return null;
        }

        if (headerValue.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return ParseDate(headerValue, now) is { } date ? Clamp(date - now) : null;
        }

        var cap = (long)RetryDefaults.RetryAfterCap.TotalSeconds;
        return long.TryParse(headerValue, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < cap
            ? TimeSpan.FromSeconds(seconds)
            : RetryDefaults.RetryAfterCap;
    }

    /// <summary>Picks the later of the schedule's delay and the receiver's wish, so that the wish is never undercut.</summary>
    /// <param name="scheduled">The schedule's delay, jitter already applied.</param>
    /// <param name="retryAfter">What <see cref="Parse"/> returned.</param>
    public static TimeSpan Combine(TimeSpan scheduled, TimeSpan? retryAfter) =>
        retryAfter > scheduled ? retryAfter.Value : scheduled;

    private static DateTimeOffset? ParseDate(string value, DateTimeOffset now)
    {
        // A two-digit year lies at most 50 years ahead (RFC 9110 section 5.6.7), which is what the calendar's window says.
        var format = (DateTimeFormatInfo)DateTimeFormatInfo.InvariantInfo.Clone();
        format.Calendar = new GregorianCalendar { TwoDigitYearMax = Math.Clamp(now.UtcDateTime.Year + 50, 99, 9999) };
        return DateTimeOffset.TryParseExact(value, DateForms, format, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
    }

    private static TimeSpan Clamp(TimeSpan wait) =>
        wait < TimeSpan.Zero ? TimeSpan.Zero
        : wait > RetryDefaults.RetryAfterCap ? RetryDefaults.RetryAfterCap
        : wait;
}
