namespace WebhookKit.Verification;

/// <summary>The keys of one source under one rule.</summary>
internal abstract class SignatureKeys : IDisposable
{
    public const int MaxKeys = 10;

    /// <summary>Returns the index of the key that made one of the signatures, or less than zero.</summary>
    /// <param name="content">What was signed.</param>
    /// <param name="candidates">The signatures.</param>
    /// <param name="areUsable">Whether one of them has the form of a signature at all.</param>
    public abstract int Find(in SignedContent content, ref SignatureCandidates candidates, out bool areUsable);

    public abstract void Dispose();

    public static SignatureKeys Create(SignatureRule rule, IReadOnlyList<string> secrets) =>
        rule.HasPublicKeys ? new PublicKeys(rule, secrets) : new DigestKeys(rule, secrets);

    protected static void RequireSome(IReadOnlyList<string> secrets)
    {
        if (secrets.Count is 0 or > MaxKeys)
        {
            throw new ArgumentException($"There are {secrets.Count} secrets: give at least one and at most {MaxKeys}.", nameof(secrets));
        }
    }
}
