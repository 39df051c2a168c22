using System.Globalization;

namespace WebhookKit.Signing;

/// <summary>
/// Signs by Standard Webhooks 1.0.0, <c>v1</c> (HMAC-SHA256), with every live secret, so that a receiver verifies
/// with the old or the new one while secrets rotate.
/// </summary>
public sealed class StandardWebhooksSigner : IWebhookSigner, IDisposable
{
    private readonly KeyedHash[] _hashes;

    /// <summary>Creates a signer.</summary>
    /// <param name="secrets">The live secrets, 1 to 10; their signatures appear in this order.</param>
    /// <exception cref="ArgumentException">There is no secret, there are more than ten, or one is null.</exception>
    public StandardWebhooksSigner(IReadOnlyList<WebhookSecret> secrets) => _hashes = KeyedHash.ForEach(secrets);

    /// <summary>Returns the three headers of <see cref="StandardWebhooksHeaders"/>; completes synchronously.</summary>
    /// <exception cref="ArgumentException">The id is not 1 to 256 visible ASCII characters without <c>.</c>, or the timestamp is before 1970.</exception>
    public ValueTask<SignatureHeaders> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        if (!StandardWebhooksContent.IsValidId(request.Id))
        {
            throw new ArgumentException("The id must be 1 to 256 visible ASCII characters without '.'.", nameof(request));
        }

        var seconds = request.Timestamp.ToUnixTimeSeconds();
        if (seconds < 0)
        {
            throw new ArgumentException("The timestamp must not be before 1970.", nameof(request));
        }

        var timestamp = seconds.ToString(CultureInfo.InvariantCulture);
        return ValueTask.FromResult(new SignatureHeaders(
            new(StandardWebhooksHeaders.Id, request.Id),
            new(StandardWebhooksHeaders.Timestamp, timestamp),
            new(StandardWebhooksHeaders.Signature, Sign(request.Id, timestamp, request.Payload.Span))));
    }

    /// <summary>Releases the keyed hash states.</summary>
    public void Dispose()
    {
        foreach (var hash in _hashes)
        {
            hash.Dispose();
        }
    }

    private string Sign(string id, string timestamp, ReadOnlySpan<byte> payload)
    {
        Span<byte> prefix = stackalloc byte[StandardWebhooksContent.MaxPrefixLength];
        prefix = prefix[..StandardWebhooksContent.WritePrefix(id, timestamp, prefix)];

        Span<byte> digest = stackalloc byte[StandardWebhooksContent.SignatureBytes];
        Span<char> entries = stackalloc char[(StandardWebhooksContent.EntryChars + 1) * _hashes.Length];
        var rest = entries;
        foreach (var hash in _hashes)
        {
            hash.Compute(prefix, payload, digest);
            StandardWebhooksContent.Version.CopyTo(rest);
            Convert.TryToBase64Chars(digest, rest[StandardWebhooksContent.Version.Length..], out _);
            rest[StandardWebhooksContent.EntryChars] = ' ';
            rest = rest[(StandardWebhooksContent.EntryChars + 1)..];
        }

        return new string(entries[..^1]);
    }
}
