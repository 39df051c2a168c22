using System.Text;
using WebhookKit.Secrets;

namespace WebhookKit.Signing;

/// <summary>Signs timestamp and payload, in Stripe's form.</summary>
internal sealed class StripeSigner : IWebhookSigner, IDisposable
{
    private readonly KeyedHash[] _hashes;
    private readonly string _name;

    public StripeSigner(SignerContext context)
    {
        _hashes = [.. context.Secrets.Select(secret => new KeyedHash(TextSecret.KeyOf(secret)))];
        _name = HeaderNames.RequirePrefix(context.HeaderPrefix) + "-Signature";
    }

    public ValueTask<SignatureHeaders> SignAsync(SigningRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new SignatureHeaders(
            new(StandardWebhooksHeaders.Id, request.Id),
            new(_name, Sign(StandardWebhooksContent.FormatTimestamp(request), request.Payload.Span))));

    public void Dispose()
    {
        foreach (var hash in _hashes)
        {
            hash.Dispose();
        }
    }

    private string Sign(string timestamp, ReadOnlySpan<byte> payload)
    {
        Span<byte> prefix = stackalloc byte[StandardWebhooksContent.MaxTimestampLength + 1];
        prefix = prefix[..Encoding.ASCII.GetBytes($"{timestamp}.", prefix)];

        Span<byte> digest = stackalloc byte[StandardWebhooksContent.SignatureBytes];
        var value = new StringBuilder("t=").Append(timestamp);
        foreach (var hash in _hashes)
        {
            hash.Compute(prefix, payload, digest);
            value.Append(",v1=").Append(Convert.ToHexStringLower(digest));
        }

        return value.ToString();
    }
}
