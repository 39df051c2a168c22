namespace WebhookKit.Verification;

/// <summary>The forms in which Twilio may have signed a URL: as called, with the default port and without a port, and these with a lower-case host.</summary>
internal static class CalledUrls
{
    public static IReadOnlyList<string> Of(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return [url];
        }

        var start = scheme + 3;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#') is var found and >= 0 ? start + found : url.Length;
        var at = url.LastIndexOf('@', end - 1, end - start);
        var hostStart = at < 0 ? start : at + 1;
        var host = url[hostStart..end];
        var colon = host.EndsWith(']') ? -1 : host.LastIndexOf(':');
        var bare = colon < 0 ? host : host[..colon];
        var port = url.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";

        string With(string changed) => string.Concat(url.AsSpan(0, hostStart), changed, url.AsSpan(end));
        var hosts = colon < 0 ? (string[])[host, host + port] : [host, bare];
        return [.. hosts.Concat(hosts.Select(text => text.ToLowerInvariant())).Distinct(StringComparer.Ordinal).Select(With)];
    }
}
