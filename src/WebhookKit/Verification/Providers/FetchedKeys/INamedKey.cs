namespace WebhookKit.Verification;

/// <summary>A key that a request names, or why there is none.</summary>
internal interface INamedKey<TSelf>
    where TSelf : INamedKey<TSelf>
{
    /// <summary>Why there is none; <see cref="VerificationStatus.None"/> when there is one.</summary>
    VerificationStatus Refusal { get; }

    static abstract TSelf None(VerificationStatus refusal);
}
