namespace WebhookKit.Verification;

/// <summary>Verifies a token under a shared secret and, by the provider's rule, what it says of the request.</summary>
/// <param name="header">The header that holds the token, alone.</param>
/// <param name="algorithms">The algorithms that the provider uses.</param>
/// <param name="context">The source.</param>
/// <param name="judge">Returns why the request is to be refused, or null; called once the signature has matched.</param>
/// <param name="requiresExpiry">Whether a token without <c>exp</c> is refused.</param>
internal sealed class SecretTokenVerifier(
    string header, string[] algorithms, VerifierContext context, SecretTokenVerifier.Judge judge, bool requiresExpiry) : IWebhookVerifier, IDisposable
{
    private readonly TokenSecrets _secrets = new(context, algorithms);
    private readonly Freshness _freshness = new(context);

    internal delegate VerificationStatus? Judge(JsonWebToken token, in WebhookRequest request, VerifierContext context);

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _secrets.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (HeaderLine.ReadSignature(request.Headers, header, out var refusal) is not { } text)
        {
            return VerificationResult.Refused(refusal);
        }

        if (!JsonWebToken.TryParse(text, out var token))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedSignature);
        }

        var keyIndex = _secrets.Find(token, out refusal);
        if (keyIndex < 0)
        {
            return VerificationResult.Refused(refusal);
        }

        if (judge(token, request, context) is { } reason)
        {
            return VerificationResult.Refused(reason);
        }

        var signedAt = token.Instant("iat") ?? token.Instant("nbf");
        var id = token.Text("jti");
        return TokenLifetime.IsCurrent(token, _freshness, requiresExpiry)
            ? VerificationResult.Verified(id, signedAt, keyIndex)
            : VerificationResult.OutsideTolerance(id, signedAt ?? DateTimeOffset.UnixEpoch, keyIndex);
    }
}
