namespace WebhookKit.Signing;

/// <summary>A key that never leaves where it signs, such as a key management service or a hardware module.</summary>
public interface IRemoteSigningKey
{
    /// <summary>The version its signatures are made for: <c>v1a</c> for Ed25519, <c>v1</c> for HMAC-SHA256.</summary>
    string Version { get; }

    /// <summary>
    /// The most bytes it signs at once: Ed25519 of Standard Webhooks signs the content itself and not a digest of it, and
    /// services limit that; AWS KMS to 4,096 bytes.
    /// </summary>
    int MaxContentBytes { get; }

    /// <summary>Signs <paramref name="content"/> as it stands, and returns the bytes of the signature.</summary>
    /// <param name="content">What is signed: <c>{id}.{timestamp}.{payload}</c>.</param>
    /// <param name="cancellationToken">Ends with the attempt's deadline.</param>
    ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
