namespace WebhookKit.Verification;

/// <summary>Takes only JSON objects of what a rule accepts.</summary>
/// <remarks>
/// For a provider whose handshake answers whoever asks with a digest that would be the signature of a body too: none of the
/// texts that it hashes is an object.
/// </remarks>
internal sealed class JsonObjectVerifier(RuleVerifier rule) : IWebhookVerifier, IDisposable
{
    public async ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
    {
        var result = await rule.VerifyAsync(request, cancellationToken).ConfigureAwait(false);
        return result.IsVerified && request.Body.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..]
            ? VerificationResult.Refused(VerificationStatus.MalformedBody)
            : result;
    }

    public void Dispose() => rule.Dispose();
}
