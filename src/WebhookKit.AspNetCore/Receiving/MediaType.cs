namespace WebhookKit.Receiving;

/// <summary>Compares media types (RFC 9110, 8.3.1), parameters aside.</summary>
internal static class MediaType
{
    /// <summary>Whether a <c>Content-Type</c> is one of some media types.</summary>
    public static bool IsOneOf(ReadOnlySpan<char> contentType, IReadOnlyList<string> mediaTypes)
    {
        var parameters = contentType.IndexOf(';');
        var mediaType = (parameters < 0 ? contentType : contentType[..parameters]).Trim();
        foreach (var candidate in mediaTypes)
        {
            if (mediaType.Equals(candidate, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
