namespace WebhookKit.Verification;

/// <summary>An entry of the provider catalogue: how one kind of sender signs, and what a receiver must know about it.</summary>
public sealed class WebhookProvider
{
    /// <summary>The name in configuration, such as <c>standard-webhooks</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Makes the verifier of one source; the caller disposes it if it is disposable.</summary>
    public required Func<VerifierContext, IWebhookVerifier> CreateVerifier { get; init; }

    /// <summary>Returns null for a usable secret, or one sentence that says what is wrong with it and names the cure.</summary>
    public required Func<string?, string?> ValidateSecret { get; init; }

    /// <summary>The HTTP methods the provider uses.</summary>
    /// <value><c>POST</c> unless said otherwise.</value>
    public IReadOnlyList<string> Methods { get; init; } = ["POST"];

    /// <summary>The media types the provider sends; empty accepts any.</summary>
    /// <value><c>application/json</c> unless said otherwise.</value>
    public IReadOnlyList<string> ContentTypes { get; init; } = ["application/json"];

    /// <summary>The JSON pointer (RFC 6901) of the member that a typed handler binds to; empty for the whole body.</summary>
    public string DataPointer { get; init; } = "";

    /// <summary>The JSON pointer (RFC 6901) of the event type.</summary>
    /// <value><c>/type</c> unless said otherwise.</value>
    public string EventTypePointer { get; init; } = "/type";

    /// <summary>The tolerance of a source that sets none.</summary>
    /// <value>5 minutes unless said otherwise.</value>
    public TimeSpan DefaultTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the provider goes on retrying one message.</summary>
    /// <value>Zero when it is not known.</value>
    public TimeSpan RetrySpan { get; init; }

    /// <summary>How long a claim is remembered: a day more than the provider retries, and at least 7 days.</summary>
    public TimeSpan ClaimMemory
    {
        get
        {
            var beyondRetries = RetrySpan + TimeSpan.FromDays(1);
            return beyondRetries > TimeSpan.FromDays(7) ? beyondRetries : TimeSpan.FromDays(7);
        }
    }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
