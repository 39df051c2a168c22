using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebhookKit.Signing;

/// <summary>The signed content <c>{id}.{timestamp}.{payload}</c> and its limits, for both sides.</summary>
internal static class StandardWebhooksContent
{
    public const int MaxIdLength = 256;
    public const int MaxTimestampLength = 20;
    public const int MaxPrefixLength = MaxIdLength + 1 + MaxTimestampLength + 1;
    public const int MaxSignatures = 10;
    public const int SignatureBytes = 32;
    public const int SignatureChars = 44;
    public const int EntryChars = 3 + SignatureChars;
    public const string Version = "v1,";

    private static readonly long MaxUnixSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    // Visible ASCII without '.', which separates the parts of the signed content.
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(character => character != '.')]);

    /// <summary>Whether an id is 1 to 256 visible ASCII characters without <c>.</c>.</summary>
    public static bool IsValidId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);

    /// <summary>Reads Unix seconds: digits alone, no later than the last instant there is.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out long seconds)
    {
        // The parser would take trailing NUL characters, so digits are checked apart.
        seconds = 0;
        return text.Length <= MaxTimestampLength
            && !text.ContainsAnyExcept(Digits)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
            && seconds <= MaxUnixSeconds;
    }

    /// <summary>Writes <c>{id}.{timestamp}.</c> and returns its length; both are ASCII and within their limits.</summary>
    public static int WritePrefix(ReadOnlySpan<char> id, ReadOnlySpan<char> timestamp, Span<byte> destination)
    {
        Ascii.FromUtf16(id, destination, out var length);
        destination[length++] = (byte)'.';
        Ascii.FromUtf16(timestamp, destination[length..], out var digits);
        length += digits;
        destination[length++] = (byte)'.';
        return length;
    }
}
