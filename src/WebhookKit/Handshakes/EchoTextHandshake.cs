namespace WebhookKit.Handshakes;

/// <summary>Answers the challenge as it came, as plain text.</summary>
public sealed class EchoTextHandshake : Handshake
{
    /// <summary>Where the challenge is.</summary>
    public required RequestField Challenge { get; init; }

    /// <summary>What a challenge looks like.</summary>
    /// <value><see cref="ChallengeForm.Text"/> unless said otherwise.</value>
    public ChallengeForm Form { get; init; } = ChallengeForm.Text;

    /// <inheritdoc/>
    protected override ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken)
    {
        var challenge = Challenge.Read(context);
        return new(Form.Fits(challenge)
            ? HandshakeResult.Answered(HandshakeResponse.Text(challenge))
            : HandshakeResult.Refused(HandshakeStatus.MalformedChallenge));
    }
}
