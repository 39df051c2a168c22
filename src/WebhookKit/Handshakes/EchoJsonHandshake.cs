namespace WebhookKit.Handshakes;

/// <summary>Answers the challenge as a member of a JSON object.</summary>
public sealed class EchoJsonHandshake : Handshake
{
    /// <summary>Where the challenge is.</summary>
    public required RequestField Challenge { get; init; }

    /// <summary>The member of the answer that holds it.</summary>
    public required string ResponseMember { get; init; }

    /// <summary>What a challenge looks like.</summary>
    /// <value><see cref="ChallengeForm.Text"/> unless said otherwise.</value>
    public ChallengeForm Form { get; init; } = ChallengeForm.Text;

    /// <inheritdoc/>
    protected override ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken)
    {
        var challenge = Challenge.Read(context);
        return new(Form.Fits(challenge)
            ? HandshakeResult.Answered(HandshakeResponse.Json(JsonAnswer.Write((ResponseMember, challenge))))
            : HandshakeResult.Refused(HandshakeStatus.MalformedChallenge));
    }
}
