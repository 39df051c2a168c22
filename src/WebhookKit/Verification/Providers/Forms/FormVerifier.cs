using System.Security.Cryptography;
using System.Text;
using WebhookKit.Handshakes;

namespace WebhookKit.Verification;

/// <summary>
/// Verifies a signature over the URL and the fields of a form (Twilio, Mandrill). A body that is no form is believed only
/// where the signed URL holds its hash, as Twilio's <c>bodySHA256</c> does.
/// </summary>
internal sealed class FormVerifier(
    SignatureRule rule,
    VerifierContext context,
    string? bodyHashParameter,
    Func<IReadOnlyList<KeyValuePair<string, string>>, byte[]> contentOf,
    Func<string, IReadOnlyList<string>> urls)
    : IWebhookVerifier, IDisposable
{
    private const int MaxUrlLength = 16 * 1024;

    private readonly DigestKeys _keys = new(rule, context.Secrets);

    public static SignatureRule Twilio { get; } = new()
    {
        Header = "X-Twilio-Signature",
        Algorithm = SignatureAlgorithm.HmacSha1,
        Encoding = SignatureEncoding.Base64,
    };

    public static SignatureRule Mandrill { get; } = Twilio with { Header = "X-Mandrill-Signature" };

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (HeaderLine.ReadSignature(request.Headers, rule.Header, out var refusal) is not { } signature)
        {
            return VerificationResult.Refused(refusal);
        }

        if (request.Url is not { Length: > 0 and <= MaxUrlLength } url)
        {
            return VerificationResult.Refused(VerificationStatus.MissingUrl);
        }

        var bodyHash = bodyHashParameter is null ? null : QueryText.Find(url, bodyHashParameter);
        var fields = (IReadOnlyList<KeyValuePair<string, string>>)[];
        if (bodyHash is null
            && !request.Body.IsEmpty
            && (!FormFields.IsForm(request) || !FormFields.TryParse(request.Body.Span, out fields)))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        var content = contentOf(fields);
        foreach (var called in urls(url))
        {
            var keyIndex = _keys.Find(new SignedContent(Encoding.UTF8.GetBytes(called), content, []), signature, out var isUsable);
            if (!isUsable)
            {
                return VerificationResult.Refused(VerificationStatus.NoUsableSignature);
            }

            if (keyIndex >= 0)
            {
                return bodyHash is null || IsHash(bodyHash, request.Body.Span)
                    ? VerificationResult.Verified(SignedHash.Of([.. Encoding.UTF8.GetBytes(called), .. content]), timestamp: null, keyIndex)
                    : VerificationResult.Refused(VerificationStatus.BodyMismatch);
            }
        }

        return VerificationResult.Refused(VerificationStatus.SignatureMismatch);
    }

    private static bool IsHash(string text, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        return SignatureText.TryDecode(text, SignatureEncoding.Hex, given, out var written)
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(body));
    }
}
