using WebhookKit.Secrets;

namespace WebhookKit.Signing;

/// <summary>Signs the payload alone, in the form of GitHub and of W3C WebSub, 5.3.</summary>
internal sealed class HubSigner : IWebhookSigner, IDisposable
{
    private const string Label = "sha256=";

    private readonly KeyedHash _hash;
    private readonly string _name;

    public HubSigner(SignerContext context)
    {
        _hash = new KeyedHash(TextSecret.KeyOf(context.Secrets.Single()));
        _name = HeaderNames.RequirePrefix(context.HeaderPrefix) + "-Signature-256";
    }

    public ValueTask<SignatureHeaders> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        StandardWebhooksContent.RequireId(request);
        return ValueTask.FromResult(new SignatureHeaders(
            new(StandardWebhooksHeaders.Id, request.Id),
            new(_name, Sign(request.Payload.Span))));
    }

    public void Dispose() => _hash.Dispose();

    private string Sign(ReadOnlySpan<byte> payload)
    {
        Span<byte> digest = stackalloc byte[StandardWebhooksContent.SignatureBytes];
        _hash.Compute([], payload, digest);
        return Label + Convert.ToHexStringLower(digest);
    }
}
