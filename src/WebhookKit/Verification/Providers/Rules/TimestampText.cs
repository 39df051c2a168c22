using System.Globalization;
using WebhookKit.Signing;

namespace WebhookKit.Verification;

/// <summary>Reads a signed timestamp by a strict grammar; what is signed stays the text itself.</summary>
internal static class TimestampText
{
    public const int MaxLength = 64;

    private static readonly long MaxUnixMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Whether a text can be a timestamp of any format: printable ASCII of some length.</summary>
    public static bool IsPossible(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && AsciiText.IsPrintable(text);

    public static bool TryParse(ReadOnlySpan<char> text, TimestampFormat format, out DateTimeOffset instant)
    {
        instant = default;
        switch (format)
        {
            case TimestampFormat.UnixSeconds when StandardWebhooksContent.TryParseTimestamp(text, out var seconds):
                instant = DateTimeOffset.FromUnixTimeSeconds(seconds);
                return true;
            case TimestampFormat.UnixMilliseconds when TryParseMilliseconds(text, out var milliseconds):
                instant = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
                return true;
            case TimestampFormat.Rfc3339:
                return TryParseRfc3339(text, out instant);
            case TimestampFormat.HttpDate:
                return DateTimeOffset.TryParseExact(
                    text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
            default:
                return false;
        }
    }

    private static bool TryParseMilliseconds(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        return text.Length <= StandardWebhooksContent.MaxTimestampLength
            && AsciiText.IsDigits(text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds)
            && milliseconds <= MaxUnixMilliseconds;
    }

    // The framework reads up to seven digits of the fraction; nine are sent.
    private static bool TryParseRfc3339(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        const int SecondsLength = 19;
        instant = default;
        if (text.Length is <= SecondsLength or > 35
            || !DateTime.TryParseExact(
                text[..SecondsLength], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        var rest = text[SecondsLength..];
        var fraction = 0L;
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9)
            {
                return false;
            }

            var scale = TimeSpan.TicksPerSecond;
            foreach (var digit in rest.Slice(1, Math.Min(digits, 7)))
            {
                scale /= 10;
                fraction += (digit - '0') * scale;
            }

            rest = rest[(1 + digits)..];
        }

        if (!TryParseOffset(rest, out var offset))
        {
            return false;
        }

        var ticks = local.Ticks + fraction - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != 6
            || text[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out offset))
        {
            return false;
        }

        offset = text[0] == '-' ? -offset : offset;
        return true;
    }
}
