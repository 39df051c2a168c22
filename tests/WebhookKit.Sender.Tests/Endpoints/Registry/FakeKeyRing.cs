using System.Text;
using WebhookKit.Secrets;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

/// <summary>Protects by turning bits over, with keys that a test makes, loses and revokes.</summary>
internal sealed class FakeKeyRing : ISecretProtector
{
    private readonly List<string> _keys = ["key-1"];
    private readonly HashSet<string> _revoked = [];

    public string Newest => _keys[^1];

    public void AddKey(string id) => _keys.Add(id);

    public void Lose(string id) => _keys.Remove(id);

    public void Revoke(string id) => _revoked.Add(id);

    public ProtectedSecret Protect(string secret, SecretOwner owner) =>
        ProtectedSecret.Create(Newest, Turn(Encoding.UTF8.GetBytes($"{owner.TenantId}\n{owner.Id}\n{secret}")));

    public UnprotectedSecret Unprotect(ProtectedSecret protectedSecret, SecretOwner owner)
    {
        if (!_keys.Contains(protectedSecret.KeyId))
        {
            return UnprotectedSecret.Unreadable(UnprotectStatus.KeyMissing);
        }

        if (_revoked.Contains(protectedSecret.KeyId))
        {
            return UnprotectedSecret.Unreadable(UnprotectStatus.KeyRevoked);
        }

        var text = Encoding.UTF8.GetString(Turn(protectedSecret.Ciphertext.ToArray()));
        var prefix = $"{owner.TenantId}\n{owner.Id}\n";
        return text.StartsWith(prefix, StringComparison.Ordinal)
            ? UnprotectedSecret.Readable(text[prefix.Length..], protectedSecret.KeyId != Newest)
            : UnprotectedSecret.Unreadable(UnprotectStatus.NotTheOwners);
    }

    private static byte[] Turn(byte[] bytes) => Array.ConvertAll(bytes, b => (byte)~b);
}
