using WebhookKit.Secrets;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Protects what is stored and reads it again. What cannot be read is an error, never a key.</summary>
internal sealed class SecretVault(ISecretProtector? protector = null)
{
    public bool CanProtect => protector is not null;

    /// <summary>What to store of a text: protected where something protects.</summary>
    public string Protect(string text, string? tenantId, EndpointId id, StoredSecretPurpose purpose, string? name = null) =>
        protector?.Protect(text, Owner(tenantId, id, purpose, name)).ToString() ?? text;

    public StoredSecret Protect(StoredSecret secret, string text, string? tenantId, EndpointId id) =>
        secret with { Value = Protect(text, tenantId, id, secret.Purpose, secret.Name) };

    /// <summary>Reads what is stored, or says in one sentence why it cannot be read and what cures that.</summary>
    public (string? Text, string? Error) Read(StoredSecret secret, string? tenantId, EndpointId id)
    {
        if (!ProtectedSecret.IsProtected(secret.Value))
        {
            return (secret.Value, null);
        }

        if (!ProtectedSecret.TryParse(secret.Value, out var protectedSecret))
        {
            return (null, "The stored secret is damaged: rotate it on both sides.");
        }

        if (protector is null)
        {
            return (null, "The stored secret is protected, and nothing here can read it: add .UseDataProtection() of the package WebhookKit.DataProtection.");
        }

        var read = protector.Unprotect(protectedSecret, Owner(tenantId, id, secret.Purpose, secret.Name));
        return (read.Secret, read.Status switch
        {
            UnprotectStatus.Readable or UnprotectStatus.ReadableWithOldKey => null,
            UnprotectStatus.KeyMissing => $"The key {protectedSecret.KeyId} that protects the stored secret is missing: bring the key ring back, "
                + "let all nodes share it under one application name, or rotate the secret on both sides.",
            UnprotectStatus.KeyRevoked =>
                $"The key {protectedSecret.KeyId} that protects the stored secret was revoked: rotate the secret on both sides.",
            _ => "The stored secret was changed, or belongs to another endpoint: rotate it on both sides.",
        });
    }

    // Moved to another endpoint, or from a header to a signature, it cannot be read.
    private static SecretOwner Owner(string? tenantId, EndpointId id, StoredSecretPurpose purpose, string? name) => new(tenantId, purpose switch
    {
        StoredSecretPurpose.Signing => id.ToString(),
        StoredSecretPurpose.Header => $"{id}:header:{name?.ToUpperInvariant()}",
        _ => $"{id}:{purpose}",
    });
}
