using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebhookKit.Verification;

/// <summary>Verifies Contentful's canonical request: method, path, the headers it lists, and the body.</summary>
internal sealed class ContentfulVerifier(VerifierContext context) : IWebhookVerifier, IDisposable
{
    public static readonly SignatureRule Rule = new() { Header = "x-contentful-signature" };

    private const string SignedHeaders = "x-contentful-signed-headers";
    private const string TimestampHeader = "x-contentful-timestamp";
    private const int MaxSignedHeaders = 64;

    // What JavaScript's querystring.escape and encodeURI leave as it is.
    private static readonly SearchValues<byte> QueryCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"u8);

    private static readonly SearchValues<byte> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'();,/?:@&=+$#"u8);

    private readonly DigestKeys _keys = new(Rule, context.Secrets);
    private readonly Freshness _freshness = new(context);

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (HeaderLine.ReadSignature(request.Headers, Rule.Header, out var refusal) is not { } signature)
        {
            return VerificationResult.Refused(refusal);
        }

        if (HeaderLine.Read(request.Headers, TimestampHeader) is not { } timestamp)
        {
            return VerificationResult.Refused(VerificationStatus.MissingTimestamp);
        }

        if (!TimestampText.TryParse(timestamp, TimestampFormat.UnixMilliseconds, out var signedAt))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedTimestamp);
        }

        if (PathOf(request.Url) is not { } path)
        {
            return VerificationResult.Refused(VerificationStatus.MissingUrl);
        }

        if (HeadersOf(request.Headers) is not { } headers)
        {
            return VerificationResult.Refused(VerificationStatus.MissingSignedHeader);
        }

        var content = new SignedContent(Encoding.UTF8.GetBytes($"{request.Method}\n{path}\n{headers}\n"), request.Body.Span, []);
        var keyIndex = _keys.Find(content, signature, out var isUsable);
        return keyIndex >= 0
            ? _freshness.Judge(id: null, signedAt, keyIndex, isWholeSeconds: false, isInclusive: false)
            : VerificationResult.Refused(isUsable ? VerificationStatus.SignatureMismatch : VerificationStatus.NoUsableSignature);
    }

    private static string? PathOf(string? url)
    {
        var scheme = url?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme < 0)
        {
            return null;
        }

        var authority = url.AsSpan(scheme + 3);
        var start = authority.IndexOfAny('/', '?', '#');
        var path = start < 0 ? "" : authority[start..].ToString();
        path = path.Split('#')[0];

        // Its own libraries escape the query as a whole, and then the escapes again. They leave out what is behind a second
        // question mark: here it is part of the query, so that nobody can add one.
        var parts = (path is ['/', ..] ? path : $"/{path}").Split('?', 2);
        return parts.Length == 1 || parts[1].Length == 0
            ? Escape(parts[0], PathCharacters)
            : Escape($"{parts[0]}?{Escape(parts[1], QueryCharacters)}", PathCharacters);
    }

    private static string Escape(string text, SearchValues<byte> kept)
    {
        var escaped = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            _ = kept.Contains(value) ? escaped.Append((char)value) : escaped.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }

    // The list and the timestamp must be in the list: what is not signed, anyone can change.
    private static string? HeadersOf(WebhookHeaders headers)
    {
        var names = HeaderLine.Read(headers, SignedHeaders)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        names = [.. names.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal)];
        if (names.Length > MaxSignedHeaders
            || names.Distinct(StringComparer.Ordinal).Count() != names.Length
            || !names.Contains(SignedHeaders, StringComparer.Ordinal)
            || !names.Contains(TimestampHeader, StringComparer.Ordinal))
        {
            return null;
        }

        // The list is signed as it would be sorted.
        var list = string.Join(',', names);
        var values = names
            .Select(name => headers[name] is [{ } line] ? $"{name}:{(name == SignedHeaders ? list : line.Trim())}" : null)
            .ToArray();
        return values.Contains(null) ? null : string.Join(';', values);
    }
}
