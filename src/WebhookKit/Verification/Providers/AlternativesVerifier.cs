namespace WebhookKit.Verification;

/// <summary>Verifies with the first of several rules by which a request is signed at all.</summary>
/// <remarks>
/// Every alternative needs the key. The one who sends a request chooses among them, also whoever captured it: they have to
/// sign alike what matters, or the weaker ones are taken only where a source says so.
/// </remarks>
internal sealed class AlternativesVerifier(params RuleVerifier[] alternatives) : IWebhookVerifier, IDisposable
{
    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.Applies(request))
            {
                return alternative.VerifyAsync(request, cancellationToken);
            }
        }

        // None applies, so the first says what is missing.
        return alternatives[0].VerifyAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var alternative in alternatives)
        {
            alternative.Dispose();
        }
    }
}
