using WebhookKit.Secrets;
using WebhookKit.Signing;

namespace WebhookKit.Verification;

/// <summary>Reads the entries of a Standard Webhooks signature header; those of other versions, or malformed, are passed over.</summary>
internal static class SignatureEntries
{
    /// <summary>Decodes the first ten well-formed <c>v1</c> entries and returns how many bytes they fill.</summary>
    public static int Decode(ReadOnlySpan<char> header, Span<byte> candidates) => Decode(
        header, StandardWebhooksContent.Version, StandardWebhooksContent.EntryChars, StandardWebhooksContent.SignatureBytes, candidates);

    /// <summary>Decodes the first ten well-formed <c>v1a</c> entries and returns how many bytes they fill.</summary>
    public static int DecodeAsymmetric(ReadOnlySpan<char> header, Span<byte> candidates) => Decode(
        header,
        StandardWebhooksContent.AsymmetricVersion,
        StandardWebhooksContent.AsymmetricEntryChars,
        StandardWebhooksContent.AsymmetricSignatureBytes,
        candidates);

    private static int Decode(ReadOnlySpan<char> header, string version, int entryChars, int signatureBytes, Span<byte> candidates)
    {
        var filled = 0;
        foreach (var range in header.Split(' '))
        {
            var entry = header[range];
            if (filled < candidates.Length
                && entry.Length == entryChars
                && entry.StartsWith(version, StringComparison.Ordinal)
                && StrictBase64.TryDecode(entry[version.Length..], candidates[filled..], out var written)
                && written == signatureBytes)
            {
                filled += written;
            }
        }

        return filled;
    }
}
