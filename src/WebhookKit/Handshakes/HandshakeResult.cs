namespace WebhookKit.Handshakes;

/// <summary>Whether a request was a handshake's question, and what to answer it; the default value is not an answer.</summary>
public readonly struct HandshakeResult
{
    private HandshakeResult(HandshakeStatus status, HandshakeResponse? response)
    {
        Status = status;
        Response = response;
    }

    /// <summary>Whether there was a question, and if it was refused, why.</summary>
    public HandshakeStatus Status { get; }

    /// <summary>What to answer, a refusal too; null when nothing was asked.</summary>
    public HandshakeResponse? Response { get; }

    /// <summary>The request asks nothing.</summary>
    public static HandshakeResult NotAsked => default;

    /// <summary>A question and its answer.</summary>
    public static HandshakeResult Answered(HandshakeResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new HandshakeResult(HandshakeStatus.Answered, response);
    }

    /// <summary>A question that gets no answer but a status without a word.</summary>
    /// <exception cref="ArgumentException">The status says that it was answered, or that nothing was asked.</exception>
    public static HandshakeResult Refused(HandshakeStatus status) => new(status, HandshakeResponse.Empty(status switch
    {
        HandshakeStatus.NotAsked or HandshakeStatus.Answered =>
            throw new ArgumentException("A refusal names its cause.", nameof(status)),
        HandshakeStatus.MalformedChallenge => 400,
        HandshakeStatus.TopicNotAllowed or HandshakeStatus.NoPendingRegistration => 404,
        HandshakeStatus.ConfirmationFailed or HandshakeStatus.TooManySecrets => 503,
        _ => 403,
    }));

    /// <summary>Returns the status.</summary>
    public override string ToString() => Status.ToString();
}
