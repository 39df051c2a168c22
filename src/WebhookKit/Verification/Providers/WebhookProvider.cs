using WebhookKit.Handshakes;

namespace WebhookKit.Verification;

/// <summary>An entry of the provider catalogue: how one kind of sender signs, and what a receiver must know about it.</summary>
public sealed class WebhookProvider
{
    /// <summary>The name in configuration, such as <c>standard-webhooks</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name people know, for documentation.</summary>
    /// <value><see cref="Name"/> unless said otherwise.</value>
    public string Title { get => field ?? Name; init; }

    /// <summary>How the provider signs, as data.</summary>
    /// <value>Null where <see cref="CreateVerifier"/> and <see cref="ValidateSecret"/> say it in code.</value>
    public SignatureRule? Signature { get; init; }

    /// <summary>Makes the verifier of one source; the caller disposes it if it is disposable.</summary>
    /// <value>One that follows <see cref="Signature"/> unless said otherwise.</value>
    /// <exception cref="InvalidOperationException">The entry has neither.</exception>
    public Func<VerifierContext, IWebhookVerifier> CreateVerifier { get => field ?? (Token is null ? Rule.CreateVerifier : context => new TokenVerifier(Token, context)); init; }

    /// <summary>Returns null for a usable secret, or one sentence that says what is wrong with it and names the cure.</summary>
    /// <value>What <see cref="Signature"/> says unless said otherwise.</value>
    /// <exception cref="InvalidOperationException">The entry has neither.</exception>
    public Func<string?, string?> ValidateSecret { get => field ?? (Token is null ? Rule.ValidateSecret : Token.ValidateSecret); init; }

    /// <summary>
    /// Returns null when the secrets of a source, each usable by itself, are enough together, or one sentence that says what is
    /// missing and names the cure.
    /// </summary>
    /// <value>Any are enough unless said otherwise.</value>
    public Func<IReadOnlyList<string>, string?> ValidateSecrets { get; init; } = _ => null;

    /// <summary>Whether a source needs a secret or key of its own.</summary>
    /// <value>True unless said otherwise; false where the keys are fetched, or nothing is signed.</value>
    public bool RequiresSecret { get; init; } = true;

    /// <summary>What a source has to be told beside its secrets.</summary>
    /// <value>Empty unless said otherwise.</value>
    public IReadOnlyList<ProviderSetting> Settings { get; init; } = [];

    /// <summary>Whether verification needs <see cref="WebhookRequest.Url"/>: the public URL, byte for byte as the provider calls it.</summary>
    /// <value>False unless said otherwise.</value>
    public bool SignsUrl { get; init; }

    /// <summary>The HTTP methods the provider uses.</summary>
    /// <value><c>POST</c> unless said otherwise.</value>
    public IReadOnlyList<string> Methods { get; init; } = ["POST"];

    /// <summary>The media types the provider sends; empty accepts any.</summary>
    /// <value><c>application/json</c> unless said otherwise.</value>
    public IReadOnlyList<string> ContentTypes { get; init; } = ["application/json"];

    /// <summary>The JSON pointer (RFC 6901) of the array that holds the events of a request; empty for the body itself.</summary>
    /// <value>
    /// Null, every request is one event, unless said otherwise. Where the value is no array, it is one event. The other
    /// pointers are read within each event.
    /// </value>
    public string? EventsPointer { get; init; }

    /// <summary>The media types of requests that bring several events; what comes under another is one event.</summary>
    /// <value>Empty, every request is looked into at <see cref="EventsPointer"/>, unless said otherwise.</value>
    public IReadOnlyList<string> EventsContentTypes { get; init; } = [];

    /// <summary>The JSON pointer (RFC 6901) of the member that a typed handler binds to; empty for the whole body.</summary>
    public string DataPointer { get; init; } = "";

    /// <summary>The header that holds the event type; most signatures do not cover it.</summary>
    /// <value>Null, the event type is in the body at <see cref="EventTypePointer"/>, unless said otherwise.</value>
    public string? EventTypeHeader { get; init; }

    /// <summary>The JSON pointer (RFC 6901) of the event type, within the event.</summary>
    /// <value><c>/type</c> unless said otherwise.</value>
    public string EventTypePointer { get; init; } = "/type";

    /// <summary>
    /// More JSON pointers (RFC 6901) of the event type, within the event: read in this order where
    /// <see cref="EventTypeHeader"/>, or else <see cref="EventTypePointer"/>, has none.
    /// </summary>
    /// <value>Empty unless said otherwise.</value>
    public IReadOnlyList<string> FurtherEventTypePointers { get; init; } = [];

    /// <summary>The JSON pointer (RFC 6901) of what makes the event type precise, appended to it behind a <c>.</c>, within the event.</summary>
    /// <value>Null unless said otherwise. Where the member is missing, the event type stands alone.</value>
    public string? EventTypeDetailPointer { get; init; }

    /// <summary>The event type of requests that say none.</summary>
    /// <value>Null, such a request is refused as unreadable, unless said otherwise.</value>
    public string? DefaultEventType { get; init; }

    /// <summary>What makes two requests the same event.</summary>
    /// <value>The signed id unless said otherwise.</value>
    public ClaimKeyRule ClaimKey { get; init; } = ClaimKeyRule.SignedId;

    /// <summary>The tolerance of a source that sets none.</summary>
    /// <value>5 minutes unless said otherwise; <see cref="Timeout.InfiniteTimeSpan"/> takes any timestamp.</value>
    public TimeSpan DefaultTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the provider goes on retrying one message.</summary>
    /// <value>Zero when it is not known.</value>
    public TimeSpan RetrySpan { get; init; }

    /// <summary>The status that tells the provider its request was taken.</summary>
    /// <value>200 unless said otherwise.</value>
    public int AcceptedStatus { get; init; } = 200;

    /// <summary>The text, as <c>text/plain</c>, that the provider wants to read beside <see cref="AcceptedStatus"/>.</summary>
    /// <value>Null, no body, unless said otherwise.</value>
    public string? AcceptedText { get; init; }

    /// <summary>The status that tells the provider its request was not verified.</summary>
    /// <value>401 unless said otherwise.</value>
    public int RefusedStatus { get; init; } = 401;

    /// <summary>How long a claim is remembered: a day more than the provider retries, and at least 7 days.</summary>
    public TimeSpan ClaimMemory
    {
        get
        {
            var beyondRetries = RetrySpan + TimeSpan.FromDays(1);
            return beyondRetries > TimeSpan.FromDays(7) ? beyondRetries : TimeSpan.FromDays(7);
        }
    }

    /// <summary>The questions by which the provider learns who owns a URL; the receiver answers them itself.</summary>
    /// <value>Empty: it asks none.</value>
    public IReadOnlyList<Handshake> Handshakes { get; init; } = [];

    /// <summary>Whether a handshake completes registrations whose secrets verify then, see <see cref="ISourceSecretStore"/>.</summary>
    public bool LearnsSecrets => Handshakes.Any(handshake => handshake.Registration is { Removes: false });

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>Where the provider repeats a token instead of signing.</summary>
    internal TokenRule? Token { get; init; }

    private SignatureRule Rule => Signature
        ?? throw new InvalidOperationException($"The provider '{Name}' has no Signature: say how it signs, or set CreateVerifier and ValidateSecret.");
}
