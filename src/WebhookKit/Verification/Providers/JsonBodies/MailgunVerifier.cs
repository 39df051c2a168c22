using System.Text;
using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>Verifies Mailgun's timestamp and one-time token, of a JSON body or of a form; what happened is not signed.</summary>
internal sealed class MailgunVerifier(VerifierContext context) : IWebhookVerifier, IDisposable
{
    public static readonly SignatureRule Rule = new() { Header = "signature" };

    private const int MaxTokenLength = 256;

    private readonly DigestKeys _keys = new(Rule, context.Secrets);
    private readonly Freshness _freshness = new(context);

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (!TryRead(request, out var timestamp, out var token, out var signature))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        if (signature is null)
        {
            return VerificationResult.Refused(VerificationStatus.MissingSignature);
        }

        if (token is not { Length: > 0 and <= MaxTokenLength } || !AsciiText.IsVisible(token))
        {
            return VerificationResult.Refused(token is null ? VerificationStatus.MissingId : VerificationStatus.MalformedId);
        }

        if (timestamp is null || !TimestampText.TryParse(timestamp, TimestampFormat.UnixSeconds, out var signedAt))
        {
            return VerificationResult.Refused(timestamp is null ? VerificationStatus.MissingTimestamp : VerificationStatus.MalformedTimestamp);
        }

        var content = Encoding.UTF8.GetBytes(timestamp + token);
        var keyIndex = _keys.Find(new SignedContent([], content, []), signature, out var isUsable);
        return keyIndex >= 0
            ? _freshness.Judge(token, signedAt, keyIndex)
            : VerificationResult.Refused(isUsable ? VerificationStatus.SignatureMismatch : VerificationStatus.NoUsableSignature);
    }

    private static bool TryRead(in WebhookRequest request, out string? timestamp, out string? token, out string? signature)
    {
        (timestamp, token, signature) = (null, null, null);
        if (FormFields.IsForm(request))
        {
            if (!FormFields.TryParse(request.Body.Span, out var fields))
            {
                return false;
            }

            timestamp = FormFields.Single(fields, "timestamp");
            token = FormFields.Single(fields, "token");
            signature = FormFields.Single(fields, "signature");
            return true;
        }

        if (!StrictJson.TryParse(request.Body.Span, out var root) || root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (root.TryGetProperty("signature", out var part))
        {
            timestamp = StrictJson.TextOf(part, "timestamp");
            token = StrictJson.TextOf(part, "token");
            signature = StrictJson.TextOf(part, "signature");
        }

        return true;
    }
}
