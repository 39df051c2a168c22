using System.Diagnostics.CodeAnalysis;
using WebhookKit.Secrets;

namespace WebhookKit.EntityFrameworkCore.Handshakes;

/// <summary>Keeps learned secrets unreadable in the database, each for its source and tenant alone.</summary>
internal sealed class SourceSecretProtection(ISecretProtector? protector = null)
{
    [MemberNotNull(nameof(Protector))]
    public void RequireProtector(string source)
    {
        if (Protector is null)
        {
            throw new WebhookConfigurationException(
            [
                $"The source '{source}' learns a secret that the database must not hold readable. Add .UseDataProtection() of the "
                    + "package WebhookKit.DataProtection, or an ISecretProtector of your own.",
            ]);
        }
    }

    private ISecretProtector? Protector => protector;

    [return: NotNullIfNotNull(nameof(secret))]
    public string? Protect(string? secret, string source, string? tenantId)
    {
        RequireProtector(source);
        return secret is null ? null : Protector.Protect(secret, OwnerOf(source, tenantId)).ToString();
    }

    /// <exception cref="WebhookException">The secret cannot be read: nothing may be verified as if it were not there.</exception>
    public string Unprotect(string kept, string source, string? tenantId)
    {
        RequireProtector(source);
        if (!ProtectedSecret.TryParse(kept, out var secret))
        {
            throw Unreadable(source, "it is no protected secret");
        }

        var read = Protector.Unprotect(secret, OwnerOf(source, tenantId));
        return read.Secret ?? throw Unreadable(source, $"{read.Status}, key {secret.KeyId}");
    }

    private static SecretOwner OwnerOf(string source, string? tenantId) => new(tenantId, $"source:{source}");

    private static WebhookException Unreadable(string source, string reason) => new(
        $"A learned secret of the source '{source}' cannot be read ({reason}). Bring the key ring back, or remove the registration "
        + "and register with the provider again.");
}
