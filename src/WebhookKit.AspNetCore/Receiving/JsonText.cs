namespace WebhookKit.Receiving;

/// <summary>The part of a payload that a JSON reader accepts.</summary>
internal static class JsonText
{
    /// <summary>Leaves out a byte order mark, which is signed like every other byte but is not JSON (RFC 8259 section 8.1).</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> payload) =>
        payload.StartsWith("\uFEFF"u8) ? payload["\uFEFF"u8.Length..] : payload;
}
