using System.Net.Http.Headers;
using System.Text;

namespace WebhookKit.Receiving;

/// <summary>The media types of requests (RFC 9110, 8.3.1).</summary>
internal static class MediaType
{
    // What a message takes, and a column of the inbox.
    private const int MaxLength = 256;

    /// <summary>
    /// What to keep of a <c>Content-Type</c>: all of it where it is a media type that a message takes, else what stands before its
    /// parameters; null where that is none either.
    /// </summary>
    public static string? Keep(string contentType) =>
        IsValid(contentType) ? contentType
        : contentType.Split(';')[0].Trim() is var mediaType && IsValid(mediaType) ? mediaType
        : null;

    /// <summary>Whether a <c>Content-Type</c> is one of some media types, parameters aside.</summary>
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

    private static bool IsValid(string mediaType) =>
        mediaType.Length <= MaxLength && Ascii.IsValid(mediaType) && MediaTypeHeaderValue.TryParse(mediaType, out _);
}
