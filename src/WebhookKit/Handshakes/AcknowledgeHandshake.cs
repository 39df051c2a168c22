namespace WebhookKit.Handshakes;

/// <summary>Answers a fixed status, and a fixed JSON text where the provider wants one: a ping, or a question that only informs.</summary>
public sealed class AcknowledgeHandshake : Handshake
{
    /// <summary>The status of an answer without a body.</summary>
    /// <value>200 unless said otherwise.</value>
    public int StatusCode { get; init; } = 200;

    /// <summary>The JSON text to answer 200 with; null answers without a body.</summary>
    public string? Json { get; init; }

    /// <inheritdoc/>
    protected override ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken) =>
        new(HandshakeResult.Answered(Json is null
            ? HandshakeResponse.Empty(StatusCode)
            : HandshakeResponse.Json(System.Text.Encoding.UTF8.GetBytes(Json))));
}
