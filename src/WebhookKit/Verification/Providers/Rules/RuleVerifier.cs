using System.Buffers;
using Microsoft.Extensions.Primitives;
using WebhookKit.Signing;

namespace WebhookKit.Verification;

/// <summary>Verifies by a rule; never throws on input, and with secrets allocates nothing when it succeeds.</summary>
internal sealed class RuleVerifier : IWebhookVerifier, IDisposable
{
    private const int MaxHeaderLength = 4096;
    private const int MaxUrlLength = 16 * 1024;
    private const int StackBytes = 512;

    private readonly SignatureRule _rule;
    private readonly ContentTemplate _template;
    private readonly SignatureKeys _keys;
    private readonly string[] _names;
    private readonly KeyValuePair<string, string>[] _requiredHeaders;
    private readonly SignedTimestamp _timestamp;

    public RuleVerifier(SignatureRule rule, VerifierContext context)
    {
        _rule = rule;
        _template = new ContentTemplate(rule.Content);
        RequireWhole(rule, _template);
        _keys = SignatureKeys.Create(rule, context.Secrets);
        _names = [rule.Header, .. rule.FurtherHeaders];
        _requiredHeaders = [.. rule.RequiredHeaders];
        _timestamp = new SignedTimestamp(rule, context);
    }

    /// <summary>Whether the request is signed in this way, rightly or not.</summary>
    public bool Applies(in WebhookRequest request) =>
        FindLines(request.Headers, out var lines) is null
        && HasRequiredHeaders(request.Headers)
        && (_rule.PrefixIsOptional || _rule.Labels.Count > 0 || lines[0]!.StartsWith(_rule.Prefix, StringComparison.Ordinal));

    /// <exception cref="ArgumentException">The rule is not whole.</exception>
    public static void RequireWhole(SignatureRule rule, ContentTemplate template)
    {
        if (string.IsNullOrEmpty(rule.Header))
        {
            throw new ArgumentException("The rule has no Header: name the one that holds the signature.", nameof(rule));
        }

        var timestamps = (rule.TimestampHeader is null ? 0 : 1) + (rule.TimestampLabel is null ? 0 : 1);
        if (template.HasTimestamp != (timestamps == 1) || (timestamps > 0 && rule.TimestampPointer is not null))
        {
            throw new ArgumentException(
                "{timestamp} in the content needs one of TimestampHeader and TimestampLabel, and neither belongs to a rule without it.", nameof(rule));
        }

        if (template.HasId != rule.IdHeader is not null)
        {
            throw new ArgumentException("{id} in the content needs an IdHeader, and an IdHeader needs {id}: an id that is not signed is none.", nameof(rule));
        }

        if (rule.TimestampPointer is not null)
        {
            _ = new JsonMember(rule.TimestampPointer);
        }

        if ((rule.Labels.Count > 0 || rule.TimestampLabel is not null) && rule.Separator is null)
        {
            throw new ArgumentException("Labels need a Separator.", nameof(rule));
        }
    }

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        // 1. The headers, and what they say about themselves.
        if (FindLines(request.Headers, out var lines) is { } unsigned)
        {
            return VerificationResult.Refused(unsigned);
        }

        if (!HasRequiredHeaders(request.Headers))
        {
            return VerificationResult.Refused(VerificationStatus.UnknownSignatureForm);
        }

        // 2. What the signed content is made of.
        if (FindId(request.Headers, out var id) is { } unidentified)
        {
            return VerificationResult.Refused(unidentified);
        }

        if (_timestamp.Find(request, lines[0], out var timestamp) is { } undated)
        {
            return VerificationResult.Refused(undated);
        }

        if (_template.HasUrl && request.Url is not { Length: > 0 and <= MaxUrlLength })
        {
            return VerificationResult.Refused(VerificationStatus.MissingUrl);
        }

        if (!_template.HasHeaders(request.Headers))
        {
            return VerificationResult.Refused(VerificationStatus.MissingSignedHeader);
        }

        // 3. The signature, over everything as received.
        var keyIndex = FindKey(request, id, timestamp, out var areUsable);
        if (keyIndex < 0)
        {
            return VerificationResult.Refused(areUsable ? VerificationStatus.SignatureMismatch : VerificationStatus.NoUsableSignature);
        }

        // 4. Freshness last: only the holder of a key learns about our clock.
        return _timestamp.Judge(request, timestamp, id, keyIndex);
    }

    private VerificationStatus? FindLines(WebhookHeaders headers, out StringValues first)
    {
        first = default;
        foreach (var name in _names)
        {
            var lines = headers[name];
            if (lines.Count == 0)
            {
                continue;
            }

            if (lines.Count > 1 && !_rule.AllowsRepeatedHeader)
            {
                return VerificationStatus.DuplicateSignature;
            }

            if (lines.Count > SignatureKeys.MaxKeys)
            {
                return VerificationStatus.MalformedSignature;
            }

            foreach (var line in lines)
            {
                if (line is not { Length: <= MaxHeaderLength })
                {
                    return VerificationStatus.MalformedSignature;
                }
            }

            first = first.Count == 0 ? lines : first;
        }

        return first.Count > 0 ? null : VerificationStatus.MissingSignature;
    }

    private bool HasRequiredHeaders(WebhookHeaders headers)
    {
        foreach (var (name, value) in _requiredHeaders)
        {
            if (headers[name] is not [{ } line] || !string.Equals(line, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private VerificationStatus? FindId(WebhookHeaders headers, out string? id)
    {
        id = null;
        if (_rule.IdHeader is null)
        {
            return null;
        }

        var lines = headers[_rule.IdHeader];
        if (lines.Count != 1 || lines[0] is not { } line)
        {
            return lines.Count > 1 ? VerificationStatus.DuplicateId : VerificationStatus.MissingId;
        }

        id = line;
        return line.Length is > 0 and <= StandardWebhooksContent.MaxIdLength && AsciiText.IsVisible(line)
            ? null
            : VerificationStatus.MalformedId;
    }

    private int FindKey(in WebhookRequest request, string? id, ReadOnlySpan<char> timestamp, out bool areUsable)
    {
        var url = request.Url is { } called && _rule.RewriteUrl is { } rewrite && _template.HasUrl ? rewrite(called) : request.Url;
        var values = new SignedValues(id, timestamp, request.Method, url, request.Headers);
        var maxBytes = _template.MaxBytes(values);
        byte[]? rented = null;
        Span<byte> buffer = maxBytes <= StackBytes
            ? stackalloc byte[StackBytes]
            : rented = ArrayPool<byte>.Shared.Rent(maxBytes);
        try
        {
            var before = _template.WriteBefore(values, buffer);
            var after = _template.WriteAfter(values, buffer[before..]);
            var content = new SignedContent(buffer[..before], request.Body.Span, buffer.Slice(before, after));
            scoped var candidates = new SignatureCandidates(_rule, _names, request.Headers);
            return _keys.Find(content, ref candidates, out areUsable);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
