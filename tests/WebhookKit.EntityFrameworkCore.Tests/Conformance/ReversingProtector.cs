using System.Text;
using WebhookKit.Secrets;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Makes a secret another text, for its owner alone; who looks for it in the database finds it nowhere.</summary>
internal sealed class ReversingProtector : ISecretProtector
{
    public ProtectedSecret Protect(string secret, SecretOwner owner) =>
        ProtectedSecret.Create("test-key", Encoding.UTF8.GetBytes(string.Concat($"{owner}|{secret}".Reverse())));

    public UnprotectedSecret Unprotect(ProtectedSecret protectedSecret, SecretOwner owner)
    {
        var text = string.Concat(Encoding.UTF8.GetString(protectedSecret.Ciphertext.Span).Reverse());
        return text.StartsWith($"{owner}|", StringComparison.Ordinal)
            ? UnprotectedSecret.Readable(text[$"{owner}|".Length..], isKeyOld: false)
            : UnprotectedSecret.Unreadable(UnprotectStatus.NotTheOwners);
    }
}
