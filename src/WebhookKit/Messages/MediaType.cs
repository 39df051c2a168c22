using System.Net.Http.Headers;
using System.Text;

namespace WebhookKit;

/// <summary>What a payload may call itself: what a request can carry and a column hold.</summary>
internal static class MediaType
{
    private const int MaxLength = 256;

    /// <exception cref="ArgumentException">It is no media type.</exception>
    public static void Check(string? mediaType, string parameter)
    {
        if (mediaType is not { Length: <= MaxLength } || !Ascii.IsValid(mediaType) || !MediaTypeHeaderValue.TryParse(mediaType, out _))
        {
            throw new ArgumentException(
                $"'{mediaType}' is not a media type such as 'application/json', in ASCII and at most {MaxLength} characters.", parameter);
        }
    }
}
