namespace WebhookKit.Secrets;

/// <summary>What reading a protected secret came to; the default value is not a success.</summary>
public readonly struct UnprotectedSecret
{
    private UnprotectedSecret(UnprotectStatus status, string? secret)
    {
        Status = status;
        Secret = secret;
    }

    /// <summary>Whether there is a secret, and if not, why.</summary>
    public UnprotectStatus Status { get; }

    /// <summary>The secret's text; null unless it could be read.</summary>
    public string? Secret { get; }

    /// <summary>A secret that was read.</summary>
    /// <param name="secret">Its text.</param>
    /// <param name="isKeyOld">Whether there is a newer key, with which it should be protected again.</param>
    public static UnprotectedSecret Readable(string secret, bool isKeyOld)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return new UnprotectedSecret(isKeyOld ? UnprotectStatus.ReadableWithOldKey : UnprotectStatus.Readable, secret);
    }

    /// <summary>A secret that could not be read.</summary>
    /// <exception cref="ArgumentException">The status says that it could.</exception>
    public static UnprotectedSecret Unreadable(UnprotectStatus status) =>
        status is UnprotectStatus.Readable or UnprotectStatus.ReadableWithOldKey
            ? throw new ArgumentException("A secret that can be read has a text.", nameof(status))
            : new UnprotectedSecret(status, null);

    /// <summary>Returns the status, and nothing of the secret.</summary>
    public override string ToString() => Status.ToString();
}
