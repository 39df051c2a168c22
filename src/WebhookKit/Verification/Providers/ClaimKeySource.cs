namespace WebhookKit.Verification;

/// <summary>Where the claim key of an event comes from.</summary>
public enum ClaimKeySource
{
    /// <summary>Nowhere: the value of a forgotten rule.</summary>
    None = 0,

    /// <summary>The id that the signature covers, <see cref="VerificationResult.Id"/>.</summary>
    SignedId,

    /// <summary>Members of the event's JSON.</summary>
    Members,

    /// <summary>The SHA-256 of what was signed.</summary>
    SignedContent,

    /// <summary>Nowhere: every request is an event of its own.</summary>
    Request,

    /// <summary>Headers of the request.</summary>
    Headers,

    /// <summary>The SHA-256 of what was signed, and the instant of its signature.</summary>
    SignedContentAndTimestamp,
}
