namespace WebhookKit.Handshakes;

/// <summary>What looking for a handshake came to.</summary>
public enum HandshakeStatus
{
    /// <summary>The request asks nothing: it goes on to the next step.</summary>
    NotAsked = 0,

    /// <summary>The question is answered.</summary>
    Answered,

    /// <summary>The challenge is missing, too long, or has a character that the provider's never have.</summary>
    MalformedChallenge,

    /// <summary>The verify token is not the source's, or the source has none.</summary>
    VerifyTokenMismatch,

    /// <summary>The source does not list the topic or subscription that the question is about.</summary>
    TopicNotAllowed,

    /// <summary>The source does not list the origin that wants to send.</summary>
    OriginNotAllowed,

    /// <summary>No registration is pending: a secret that nobody waits for could be anyone's.</summary>
    NoPendingRegistration,

    /// <summary>The source has as many learned secrets as can be tried, see <see cref="SourceSecretLimits.MaxSecrets"/>.</summary>
    TooManySecrets,

    /// <summary>The answer needs a secret, a public key id, a client or a store that the source was not given.</summary>
    NotConfigured,

    /// <summary>The URL to confirm at is not one of the provider's.</summary>
    UrlNotAllowed,

    /// <summary>The provider did not take the confirmation; it will ask again.</summary>
    ConfirmationFailed,
}
