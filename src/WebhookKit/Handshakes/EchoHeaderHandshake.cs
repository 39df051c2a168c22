namespace WebhookKit.Handshakes;

/// <summary>Answers a header as it came, without a body.</summary>
public sealed class EchoHeaderHandshake : Handshake
{
    /// <summary>The header's name.</summary>
    public required string Header { get; init; }

    /// <summary>What its value looks like.</summary>
    /// <value><see cref="ChallengeForm.Token"/> unless said otherwise: nothing in it can begin another header.</value>
    public ChallengeForm Form { get; init; } = ChallengeForm.Token;

    /// <inheritdoc/>
    protected override ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken) =>
        new(context.Request.Headers[Header] is [{ } value] && Form.Fits(value)
            ? HandshakeResult.Answered(HandshakeResponse.Empty(200, new KeyValuePair<string, string>(Header, value)))
            : HandshakeResult.Refused(HandshakeStatus.MalformedChallenge));
}
