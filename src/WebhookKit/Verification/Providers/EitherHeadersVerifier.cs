namespace WebhookKit.Verification;

/// <summary>Verifies with one of two verifiers, told apart by whether a header is there.</summary>
internal sealed class EitherHeadersVerifier(string header, StandardWebhooksVerifier withHeader, StandardWebhooksVerifier without)
    : IWebhookVerifier, IDisposable
{
    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        (request.Headers[header].Count > 0 ? withHeader : without).VerifyAsync(request, cancellationToken);

    public void Dispose()
    {
        withHeader.Dispose();
        without.Dispose();
    }
}
