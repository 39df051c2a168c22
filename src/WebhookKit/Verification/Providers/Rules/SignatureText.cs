using System.Buffers;
using System.Buffers.Text;
using WebhookKit.Secrets;

namespace WebhookKit.Verification;

/// <summary>Decodes the text of a signature; of every signature only one text is accepted.</summary>
internal static class SignatureText
{
    private static readonly SearchValues<char> LowerCaseHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> UpperCaseHex = SearchValues.Create("0123456789ABCDEF");

    public static bool TryDecode(ReadOnlySpan<char> text, SignatureEncoding encoding, Span<byte> destination, out int written)
    {
        written = 0;
        return !text.IsEmpty && encoding switch
        {
            SignatureEncoding.Hex => TryDecodeHex(text, LowerCaseHex, destination, out written),
            SignatureEncoding.UpperCaseHex => TryDecodeHex(text, UpperCaseHex, destination, out written),
            SignatureEncoding.Base64 => StrictBase64.TryDecode(text, destination, out written),
            SignatureEncoding.Base64Url => TryDecodeBase64Url(text, destination, out written),
            _ => false,
        };
    }

    /// <summary>Decodes base64url without padding, white space or unused bits.</summary>
    public static bool TryDecodeBase64Url(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        if (Base64Url.DecodeFromChars(text, destination, out _, out written) != OperationStatus.Done
            || Base64Url.GetEncodedLength(written) != text.Length)
        {
            return false;
        }

        // The decoder skips white space and ignores unused bits; both show in the last group.
        var tail = written % 3;
        Span<char> canonical = stackalloc char[4];
        var length = Base64Url.EncodeToChars(destination.Slice(written - tail, tail), canonical);
        return text[^length..].SequenceEqual(canonical[..length]);
    }

    private static bool TryDecodeHex(ReadOnlySpan<char> text, SearchValues<char> digits, Span<byte> destination, out int written)
    {
        written = 0;
        return text.Length % 2 == 0
            && text.Length / 2 <= destination.Length
            && !text.ContainsAnyExcept(digits)
            && Convert.FromHexString(text, destination, out _, out written) == OperationStatus.Done;
    }
}
