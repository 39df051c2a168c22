namespace WebhookKit.Verification;

/// <summary>Decides whether a received request was signed by who holds the key.</summary>
public interface IWebhookVerifier
{
    /// <summary>
    /// Verifies <paramref name="request"/>. Bad input is a status, never an exception. Completes synchronously when
    /// the keys are local.
    /// </summary>
    ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default);
}
