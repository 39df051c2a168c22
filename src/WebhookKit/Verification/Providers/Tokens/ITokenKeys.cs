namespace WebhookKit.Verification;

/// <summary>The public keys that a provider signs tokens with.</summary>
internal interface ITokenKeys : IDisposable
{
    /// <summary>Finds the key that a token names.</summary>
    ValueTask<TokenKey> FindAsync(string? keyId, CancellationToken cancellationToken);
}
