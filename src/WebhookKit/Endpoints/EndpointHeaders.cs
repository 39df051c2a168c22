using System.Buffers;
using System.Collections.Frozen;

namespace WebhookKit.Endpoints;

/// <summary>Validates the custom headers of an endpoint before they are kept.</summary>
/// <remarks>
/// The HTTP client writes what it is given: a line break in a value would begin another header or another request, and
/// other text than ASCII would fail every attempt.
/// </remarks>
public static class EndpointHeaders
{
    /// <summary>The most characters a name may have.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The most characters a value may have.</summary>
    public const int MaxValueLength = 1024;

    /// <summary>The most headers an endpoint may have.</summary>
    public const int MaxHeaders = 20;

    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(
        [
            // The message's framing and the connection: RFC 9110, RFC 9112 and what HTTP/2 forbids.
            "Host", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect", "HTTP2-Settings", "Via", "Date",
            "Allow", "Expires", "Last-Modified", "Accept-Encoding", "Range", "Max-Forwards", "X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method",

            // Whom the request comes from, which receivers and the proxies in front of them believe.
            "Forwarded", "X-Real-IP", "True-Client-IP", "X-Client-IP", "X-Original-URL", "X-Original-Host", "X-Rewrite-URL",
            "Cookie", "Cookie2", "Set-Cookie", "Origin", "Referer",

            // What the sender writes itself.
            "User-Agent", "traceparent", "tracestate", "baggage", "Request-Id", "Correlation-Context",
            "Stripe-Signature", "X-Hub-Signature", "X-Hub-Signature-256",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ReservedPrefixes = ["Content-", "Proxy-", "X-Forwarded-", "Sec-", "webhook-", "If-"];

    /// <summary>Validates all headers of an endpoint. Never throws on what it is given.</summary>
    /// <param name="headers">Names and values.</param>
    /// <param name="signaturePrefix">The prefix of the signature's headers, where it is another than <c>webhook-</c>.</param>
    public static EndpointHeadersResult Validate(
        IEnumerable<KeyValuePair<string, string>> headers, string? signaturePrefix = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            if (names.Count == MaxHeaders)
            {
                return new(EndpointHeaderStatus.TooMany);
            }

            var result = Validate(name, value, signaturePrefix);
            if (!result.IsValid)
            {
                return result;
            }

            if (!names.Add(name))
            {
                return new(EndpointHeaderStatus.NameRepeated, name);
            }
        }

        return new(EndpointHeaderStatus.Valid);
    }

    /// <summary>Validates one header. Never throws on what it is given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; empty is allowed.</param>
    /// <param name="signaturePrefix">The prefix of the signature's headers, where it is another than <c>webhook-</c>.</param>
    public static EndpointHeadersResult Validate(string? name, string? value, string? signaturePrefix = null)
    {
        if (string.IsNullOrEmpty(name))
        {
            return new(EndpointHeaderStatus.NameMalformed);
        }

        if (name.Length > MaxNameLength)
        {
            return new(EndpointHeaderStatus.NameTooLong);
        }

        if (name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            return new(EndpointHeaderStatus.NameMalformed);
        }

        if (IsReserved(name, signaturePrefix))
        {
            return new(EndpointHeaderStatus.NameReserved, name);
        }

        return value?.Length > MaxValueLength ? new(EndpointHeaderStatus.ValueTooLong, name)
            : IsFieldValue(value) ? new(EndpointHeaderStatus.Valid, name)
            : new(EndpointHeaderStatus.ValueMalformed, name);
    }

    // An underscore counts as a hyphen for many servers (CGI, WSGI), so that a name must not become reserved there.
    private static bool IsReserved(string name, string? signaturePrefix)
    {
        var canonical = name.Replace('_', '-');
        return Reserved.Contains(canonical)
            || ReservedPrefixes.Any(prefix => canonical.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            || (!string.IsNullOrEmpty(signaturePrefix) && canonical.StartsWith(signaturePrefix.Replace('_', '-'), StringComparison.OrdinalIgnoreCase));
    }

    // RFC 9110 section 5.5, without the octets beyond ASCII.
    private static bool IsFieldValue(string? value) =>
        value is not null
        && !value.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && value.AsSpan().Trim(' ').Length == value.Length;
}
