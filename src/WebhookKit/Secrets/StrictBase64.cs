namespace WebhookKit.Secrets;

/// <summary>Base64 that has exactly one text for given bytes: standard alphabet, padded, no white space.</summary>
internal static class StrictBase64
{
    private const int MaxChars = 128;

    /// <summary>Decodes <paramref name="text"/>; anything but the canonical text of some bytes is refused.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length > MaxChars || !Convert.TryFromBase64Chars(text, destination, out written))
        {
            return false;
        }

        // The framework skips white space and ignores the unused bits of the last character
        // ("QR==" reads like "QQ=="); only the canonical text survives the way back.
        Span<char> canonical = stackalloc char[MaxChars];
        return Convert.TryToBase64Chars(destination[..written], canonical, out var length)
            && text.SequenceEqual(canonical[..length]);
    }
}
