namespace WebhookKit.Signing;

/// <summary>Signs one attempt; asynchronous because keys may live in a key management service.</summary>
public interface IWebhookSigner
{
    /// <summary>Returns the headers that carry the signature of <paramref name="request"/>.</summary>
    ValueTask<SignatureHeaders> SignAsync(SigningRequest request, CancellationToken cancellationToken);
}
