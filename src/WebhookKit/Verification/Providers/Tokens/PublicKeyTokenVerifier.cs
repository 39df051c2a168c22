namespace WebhookKit.Verification;

/// <summary>Verifies a token under a public key and, by the provider's rule, what it says of the request.</summary>
/// <param name="header">The header that holds the token.</param>
/// <param name="scheme">The authentication scheme before it, or null.</param>
/// <param name="algorithm">The one algorithm that the provider uses.</param>
/// <param name="keys">The provider's keys.</param>
/// <param name="judge">The verdict on a request whose signature matches.</param>
internal sealed class PublicKeyTokenVerifier(
    string header, string? scheme, string algorithm, ITokenKeys keys, PublicKeyTokenVerifier.Judge judge) : IWebhookVerifier, IDisposable
{
    internal delegate VerificationResult Judge(JsonWebToken token, in WebhookRequest request, int keyIndex);

    public async ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
    {
        if (HeaderLine.ReadSignature(request.Headers, header, out var refusal) is not { } text)
        {
            return VerificationResult.Refused(refusal);
        }

        if (scheme is not null)
        {
            if (!text.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase))
            {
                return VerificationResult.Refused(VerificationStatus.NoUsableSignature);
            }

            text = text[(scheme.Length + 1)..];
        }

        if (!JsonWebToken.TryParse(text, out var token))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedSignature);
        }

        if (token.Algorithm != algorithm)
        {
            return VerificationResult.Refused(VerificationStatus.UnknownSignatureForm);
        }

        var found = await keys.FindAsync(token.KeyId, cancellationToken).ConfigureAwait(false);
        if (found.Key is null)
        {
            return VerificationResult.Refused(found.Refusal);
        }

        return found.Key.Verify(new SignedContent([], token.Signed, []), token.Signature)
            ? judge(token, request, found.Index)
            : VerificationResult.Refused(VerificationStatus.SignatureMismatch);
    }

    public void Dispose() => keys.Dispose();
}
