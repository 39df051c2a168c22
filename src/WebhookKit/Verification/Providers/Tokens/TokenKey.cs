namespace WebhookKit.Verification;

/// <summary>A key that a token names, or why there is none.</summary>
/// <param name="Key">The key.</param>
/// <param name="Index">Its place among the source's keys.</param>
/// <param name="Refusal">Why there is none.</param>
internal readonly record struct TokenKey(IPublicKey? Key, int Index, VerificationStatus Refusal) : INamedKey<TokenKey>
{
    public static TokenKey None(VerificationStatus refusal) => new(null, -1, refusal);
}
