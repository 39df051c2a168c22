namespace WebhookKit.Secrets;

/// <summary>Base64 that has exactly one text for given bytes: standard alphabet, padded, no white space.</summary>
internal static class StrictBase64
{
    /// <summary>Decodes <paramref name="text"/>; anything but the canonical text of some bytes is refused.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written) =>
        Convert.TryFromBase64Chars(text, destination, out written) && IsCanonical(text, written);

    // The framework skips white space, which shows in the length, and ignores the unused bits of the last
    // character: "QR==" reads like "QQ==".
    private static bool IsCanonical(ReadOnlySpan<char> text, int written) =>
        text.Length == (written + 2) / 3 * 4
        && (written % 3) switch
        {
            1 => "AQgw".Contains(text[^3], StringComparison.Ordinal),
            2 => "AEIMQUYcgkosw048".Contains(text[^2], StringComparison.Ordinal),
            _ => true,
        };
}
