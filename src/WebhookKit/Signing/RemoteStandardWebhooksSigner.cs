namespace WebhookKit.Signing;

/// <summary>Signs by Standard Webhooks 1.0.0 with keys that are held elsewhere: each attempt asks all of them.</summary>
public sealed class RemoteStandardWebhooksSigner : IWebhookSigner
{
    private readonly IRemoteSigningKey[] _keys;
    private readonly HeaderNames _names;

    /// <summary>Creates a signer.</summary>
    /// <param name="keys">The live keys, 1 to 10; their signatures appear in this order.</param>
    /// <param name="headerPrefix">What the header names begin with: <c>webhook</c> unless said otherwise.</param>
    /// <exception cref="ArgumentException">There are no keys, there are more than ten, one is null, or the prefix cannot begin a header name.</exception>
    public RemoteStandardWebhooksSigner(IReadOnlyList<IRemoteSigningKey> keys, string headerPrefix = StandardWebhooksHeaders.Prefix)
    {
        StandardWebhooksContent.RequireKeys([], keys);
        _keys = [.. keys];
        _names = new HeaderNames(headerPrefix);
    }

    /// <summary>Returns the three headers of <see cref="StandardWebhooksHeaders"/> once every key has signed.</summary>
    /// <exception cref="ArgumentException">The id is not 1 to 256 visible ASCII characters without <c>.</c>, or the timestamp is before 1970.</exception>
    /// <exception cref="SigningException">The content is larger than a key signs, or what a key returned is no signature of its version.</exception>
    public async ValueTask<SignatureHeaders> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        var timestamp = StandardWebhooksContent.FormatTimestamp(request);
        var content = WriteContent(request, timestamp);
        if (_keys.FirstOrDefault(key => content.Length > key.MaxContentBytes) is { } small)
        {
            throw new SigningException(
                $"The signed content has {content.Length:N0} bytes, more than the {small.MaxContentBytes:N0} that the endpoint's key signs at once: "
                + "send less and let the receiver fetch the rest, or sign with a key that this application holds.");
        }

        var signatures = await Task.WhenAll(_keys.Select(key => SignAsync(key, content, cancellationToken))).ConfigureAwait(false);
        return new SignatureHeaders(
            new(_names.Id, request.Id),
            new(_names.Timestamp, timestamp),
            new(_names.Signature, string.Join(' ', signatures)));
    }

    private static byte[] WriteContent(in SigningRequest request, string timestamp)
    {
        Span<byte> prefix = stackalloc byte[StandardWebhooksContent.MaxPrefixLength];
        prefix = prefix[..StandardWebhooksContent.WritePrefix(request.Id, timestamp, prefix)];
        return [.. prefix, .. request.Payload.Span];
    }

    private static async Task<string> SignAsync(IRemoteSigningKey key, byte[] content, CancellationToken cancellationToken)
    {
        var signature = await key.SignAsync(content, cancellationToken).ConfigureAwait(false);
        var expected = key.Version switch
        {
            "v1" => StandardWebhooksContent.SignatureBytes,
            "v1a" => StandardWebhooksContent.AsymmetricSignatureBytes,
            _ => throw new SigningException($"The endpoint's key signs version '{key.Version}', which Standard Webhooks does not have: use 'v1' or 'v1a'."),
        };

        // A service that is asked for another algorithm, or answers in DER, would be refused by every receiver.
        return signature.Length == expected
            ? $"{key.Version},{Convert.ToBase64String(signature.Span)}"
            : throw new SigningException(
                $"The endpoint's key returned {signature.Length} bytes, but a signature of version '{key.Version}' has {expected}: check its algorithm.");
    }
}
