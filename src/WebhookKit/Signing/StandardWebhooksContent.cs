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
    public const int AsymmetricSignatureBytes = 64;
    public const int AsymmetricEntryChars = 4 + 88;
    public const string AsymmetricVersion = "v1a,";

    private static readonly long MaxUnixSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    // Visible ASCII without '.', which separates the parts of the signed content.
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(character => character != '.')]);

    /// <summary>Whether an id is 1 to 256 visible ASCII characters without <c>.</c>.</summary>
    public static bool IsValidId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);

    /// <summary>Throws unless there are 1 to 10 keys and none is null.</summary>
    public static void RequireKeys<TKey>(IReadOnlyList<WebhookSecret> secrets, IReadOnlyList<TKey> keys)
        where TKey : class
    {
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentNullException.ThrowIfNull(keys);
        if (secrets.Count + keys.Count is 0 or > MaxSignatures)
        {
            throw new ArgumentException(
                $"There are {secrets.Count + keys.Count} secrets and keys: give at least one and at most {MaxSignatures}.", nameof(secrets));
        }

        if (secrets.Contains(null) || keys.Contains(null))
        {
            throw new ArgumentException("A secret or key is null.", nameof(secrets));
        }
    }

    /// <summary>Throws unless the id is one, so that it can also be a header by itself.</summary>
    public static void RequireId(in SigningRequest request)
    {
        if (!IsValidId(request.Id))
        {
            throw new ArgumentException("The id must be 1 to 256 visible ASCII characters without '.'.", nameof(request));
        }
    }

    /// <summary>Writes the attempt's timestamp as Unix seconds.</summary>
    /// <exception cref="ArgumentException">The id is not 1 to 256 visible ASCII characters without <c>.</c>, or the timestamp is before 1970.</exception>
    public static string FormatTimestamp(in SigningRequest request)
    {
        RequireId(request);
        var seconds = request.Timestamp.ToUnixTimeSeconds();
        return seconds >= 0
            ? seconds.ToString(CultureInfo.InvariantCulture)
            : throw new ArgumentException("The timestamp must not be before 1970.", nameof(request));
    }

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
