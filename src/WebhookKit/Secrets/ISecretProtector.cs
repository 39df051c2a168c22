namespace WebhookKit.Secrets;

/// <summary>Makes secrets unreadable where they are kept, and readable again for their owner.</summary>
public interface ISecretProtector
{
    /// <summary>Protects a secret with the newest key; the result says which.</summary>
    /// <param name="secret">The secret's text.</param>
    /// <param name="owner">Whose secret it is; the result is readable for this owner alone.</param>
    ProtectedSecret Protect(string secret, SecretOwner owner);

    /// <summary>
    /// Reads a protected secret. One that cannot be read is a status, never another text; an exception means that the keys could
    /// not be asked.
    /// </summary>
    /// <param name="protectedSecret">What <see cref="Protect"/> returned.</param>
    /// <param name="owner">Whose secret it is.</param>
    UnprotectedSecret Unprotect(ProtectedSecret protectedSecret, SecretOwner owner);
}
