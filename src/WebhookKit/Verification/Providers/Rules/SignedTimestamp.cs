namespace WebhookKit.Verification;

/// <summary>Finds a rule's timestamp and judges how far it is from now.</summary>
internal sealed class SignedTimestamp(SignatureRule rule, VerifierContext context)
{
    private readonly JsonMember? _member = rule.TimestampPointer is { } pointer ? new JsonMember(pointer) : null;
    private readonly Freshness _freshness = new(context);

    /// <summary>Finds the text that is signed, or returns why there is none; the one within a body is read once that is known to be authentic.</summary>
    public VerificationStatus? Find(in WebhookRequest request, string? signature, out ReadOnlySpan<char> timestamp)
    {
        timestamp = default;
        if (rule.TimestampLabel is not null)
        {
            if (SignatureCandidates.FindTimestamp(rule, signature, out timestamp) is { } missing)
            {
                return missing;
            }
        }
        else if (rule.TimestampHeader is not null)
        {
            var lines = request.Headers[rule.TimestampHeader];
            if (lines.Count != 1 || lines[0] is not { } line)
            {
                return lines.Count > 1 ? VerificationStatus.DuplicateTimestamp : VerificationStatus.MissingTimestamp;
            }

            timestamp = line;
        }
        else
        {
            return null;
        }

        return !TimestampText.IsPossible(timestamp) || (_freshness.IsJudged && !TimestampText.TryParse(timestamp, rule.TimestampFormat, out _))
            ? VerificationStatus.MalformedTimestamp
            : null;
    }

    /// <summary>The verdict on a request whose signature matches.</summary>
    public VerificationResult Judge(in WebhookRequest request, ReadOnlySpan<char> timestamp, string? id, int keyIndex)
    {
        if (_member is not null)
        {
            if (!_member.TryFindText(request.Body.Span, out var text))
            {
                return _freshness.IsJudged
                    ? VerificationResult.Refused(VerificationStatus.MissingTimestamp)
                    : VerificationResult.Verified(id, null, keyIndex);
            }

            timestamp = text;
        }

        if (!TimestampText.TryParse(timestamp, rule.TimestampFormat, out var signedAt))
        {
            return _freshness.IsJudged && (timestamp.Length > 0 || _member is not null)
                ? VerificationResult.Refused(VerificationStatus.MalformedTimestamp)
                : VerificationResult.Verified(id, null, keyIndex);
        }

        return _freshness.Judge(
            id, signedAt, keyIndex, rule.TimestampFormat is TimestampFormat.UnixSeconds or TimestampFormat.HttpDate);
    }
}
