using WebhookKit.Signing.Ed25519;

namespace WebhookKit.Signing;

/// <summary>
/// Signs by Standard Webhooks 1.0.0, <c>v1</c> (HMAC-SHA256) with every live secret and <c>v1a</c> (Ed25519) with every
/// live signing key, so that a receiver verifies with the old or the new one while they rotate.
/// </summary>
public sealed class StandardWebhooksSigner : IWebhookSigner, IDisposable
{
    private readonly KeyedHash[] _hashes;
    private readonly PrivateKey[] _keys;
    private readonly HeaderNames _names;
    private readonly int _entryChars;

    /// <summary>Creates a signer.</summary>
    /// <param name="secrets">The live secrets, 1 to 10; their signatures appear in this order.</param>
    /// <exception cref="ArgumentException">There is no secret, there are more than ten, or one is null.</exception>
    public StandardWebhooksSigner(IReadOnlyList<WebhookSecret> secrets)
        : this(secrets, [])
    {
    }

    /// <summary>Creates a signer with secrets, signing keys or both.</summary>
    /// <param name="secrets">The live secrets; their signatures appear first, in this order.</param>
    /// <param name="signingKeys">The live signing keys; with the secrets 1 to 10.</param>
    /// <param name="headerPrefix">What the header names begin with: <c>webhook</c> unless said otherwise.</param>
    /// <exception cref="ArgumentException">There are no keys, there are more than ten, one is null, or the prefix cannot begin a header name.</exception>
    public StandardWebhooksSigner(
        IReadOnlyList<WebhookSecret> secrets,
        IReadOnlyList<WebhookSigningKey> signingKeys,
        string headerPrefix = StandardWebhooksHeaders.Prefix)
    {
        StandardWebhooksContent.RequireKeys(secrets, signingKeys);
        _names = new HeaderNames(headerPrefix);
        _hashes = [.. secrets.Select(secret => new KeyedHash(secret))];
        _keys = [.. signingKeys.Select(key => key.PrivateKey)];
        _entryChars = ((StandardWebhooksContent.EntryChars + 1) * _hashes.Length)
            + ((StandardWebhooksContent.AsymmetricEntryChars + 1) * _keys.Length);
    }

    /// <summary>Returns the three headers of <see cref="StandardWebhooksHeaders"/>; completes synchronously.</summary>
    /// <exception cref="ArgumentException">The id is not 1 to 256 visible ASCII characters without <c>.</c>, or the timestamp is before 1970.</exception>
    public ValueTask<SignatureHeaders> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        var timestamp = StandardWebhooksContent.FormatTimestamp(request);
        return ValueTask.FromResult(new SignatureHeaders(
            new(_names.Id, request.Id),
            new(_names.Timestamp, timestamp),
            new(_names.Signature, Sign(request.Id, timestamp, request.Payload.Span))));
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

        Span<byte> signature = stackalloc byte[StandardWebhooksContent.AsymmetricSignatureBytes];
        Span<char> entries = stackalloc char[_entryChars];
        var rest = entries;
        foreach (var hash in _hashes)
        {
            hash.Compute(prefix, payload, signature);
            Write(StandardWebhooksContent.Version, signature[..StandardWebhooksContent.SignatureBytes], ref rest);
        }

        foreach (var key in _keys)
        {
            key.Sign(prefix, payload, signature);
            Write(StandardWebhooksContent.AsymmetricVersion, signature, ref rest);
        }

        return new string(entries[..^1]);
    }

    private static void Write(string version, ReadOnlySpan<byte> signature, ref Span<char> rest)
    {
        version.CopyTo(rest);
        rest = rest[version.Length..];
        Convert.TryToBase64Chars(signature, rest, out var written);
        rest[written] = ' ';
        rest = rest[(written + 1)..];
    }
}
