using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace WebhookKit.Receiving;

/// <summary>The URL that the sender called and signed.</summary>
internal static class CalledUrl
{
    /// <summary>Path and query as they came: decoding and encoding them anew would change what is signed.</summary>
    public static string Of(HttpRequest request, Uri? publicUrl)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw
            ? raw
            : UriHelper.BuildRelative(request.PathBase, request.Path, request.QueryString);
        if (publicUrl is null)
        {
            return $"{request.Scheme}://{request.Host.Value}{target}";
        }

        if (publicUrl.AbsolutePath == "/")
        {
            return publicUrl.OriginalString.TrimEnd('/') + target;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return publicUrl.OriginalString + (query < 0 ? "" : target[query..]);
    }
}
