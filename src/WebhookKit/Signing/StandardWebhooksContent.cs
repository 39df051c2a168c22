using System.Buffers;
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
    public const string Version = "v1,";

    // Visible ASCII without '.', which separates the parts of the signed content.
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != '.')]);

    public static bool IsValidId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);

    /// <summary>Writes <c>{id}.{timestamp}.</c> and returns its length; both are ASCII and within their limits.</summary>
    public static int WritePrefix(ReadOnlySpan<char> id, ReadOnlySpan<char> timestamp, Span<byte> destination)
    {
        var length = Encoding.ASCII.GetBytes(id, destination);
        destination[length++] = (byte)'.';
        length += Encoding.ASCII.GetBytes(timestamp, destination[length..]);
        destination[length++] = (byte)'.';
        return length;
    }
}
