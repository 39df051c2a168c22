using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using WebhookKit.Secrets;

namespace WebhookKit.DataProtection.Secrets;

/// <summary>Protects secrets with the key ring of ASP.NET Core Data Protection, under a purpose for each owner.</summary>
internal sealed class DataProtectionSecretProtector(IDataProtectionProvider provider, IKeyManager keys) : ISecretProtector
{
    private const string Purpose = "WebhookKit.Secrets.v1";

    public ProtectedSecret Protect(string secret, SecretOwner owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var ciphertext = ProtectorOf(owner).Protect(Encoding.UTF8.GetBytes(secret));
        return ProtectedSecret.Create(PayloadKey.Read(ciphertext).ToString(), ciphertext);
    }

    public UnprotectedSecret Unprotect(ProtectedSecret protectedSecret, SecretOwner owner)
    {
        ArgumentNullException.ThrowIfNull(protectedSecret);
        if (!PayloadKey.TryRead(protectedSecret.Ciphertext.Span, out var keyId)
            || !string.Equals(protectedSecret.KeyId, keyId.ToString(), StringComparison.Ordinal))
        {
            return UnprotectedSecret.Unreadable(UnprotectStatus.NotTheOwners);
        }

        byte[] secret;
        bool isKeyOld, isKeyRevoked;
        try
        {
            // Revocation is asked for and judged here: without that, a revoked key looks like any other failure.
            secret = ProtectorOf(owner).DangerousUnprotect(
                protectedSecret.Ciphertext.ToArray(), ignoreRevocationErrors: true, out isKeyOld, out isKeyRevoked);
        }
        catch (CryptographicException)
        {
            return UnprotectedSecret.Unreadable(IsInRing(keyId) ? UnprotectStatus.NotTheOwners : UnprotectStatus.KeyMissing);
        }

        try
        {
            return isKeyRevoked
                ? UnprotectedSecret.Unreadable(UnprotectStatus.KeyRevoked)
                : UnprotectedSecret.Readable(Encoding.UTF8.GetString(secret), isKeyOld);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    // Purposes are told apart by their number and lengths, so no two owners share one.
    private IPersistedDataProtector ProtectorOf(SecretOwner owner) =>
        provider.CreateProtector(Purpose, owner.TenantId is null ? ["no tenant", owner.Id] : ["tenant", owner.TenantId, owner.Id])
            as IPersistedDataProtector
        ?? throw PayloadKey.NotOurs();

    private bool IsInRing(Guid keyId) => keys.GetAllKeys().Any(key => key.KeyId == keyId);
}
