namespace WebhookKit.Handshakes;

/// <summary>How a question completes a registration that the application has opened in an <see cref="ISourceSecretStore"/>.</summary>
public sealed class HandshakeRegistration
{
    // Longer than any provider's.
    private const int MaxSecretLength = 512;

    /// <summary>Where the question brings the secret that events will be signed with; null where the application chose it itself.</summary>
    public RequestField? Secret { get; init; }

    /// <summary>Where the question names the topic; null completes the oldest that is pending.</summary>
    public RequestField? Topic { get; init; }

    /// <summary>Where the question says for how many seconds the registration lasts.</summary>
    public RequestField? LeaseSeconds { get; init; }

    /// <summary>Whether the question ends a registration.</summary>
    public bool Removes { get; init; }

    internal async ValueTask<HandshakeStatus> CompleteAsync(HandshakeContext context, CancellationToken cancellationToken)
    {
        var topic = Topic?.Read(context);
        if (Topic is not null && topic is null)
        {
            return HandshakeStatus.MalformedChallenge;
        }

        // What the source itself lists needs no registration: its secrets are configured.
        if (Secret is null && !Removes && topic is not null && context.GetValues(HandshakeSettings.Topics).Contains(topic, StringComparer.Ordinal))
        {
            return HandshakeStatus.Answered;
        }

        var secret = Secret?.Read(context);
        if (Secret is not null && (string.IsNullOrWhiteSpace(secret) || secret.Length > MaxSecretLength || secret.Any(char.IsControl)))
        {
            return HandshakeStatus.MalformedChallenge;
        }

        if (context.SecretStore is null)
        {
            return HandshakeStatus.NotConfigured;
        }

        var result = await context.SecretStore.TryCompleteAsync(
            new RegistrationAnswer(context.Source, context.TenantId)
            {
                Topic = topic,
                Secret = secret,
                Removes = Removes,
                Lease = ReadLease(context),
            },
            cancellationToken).ConfigureAwait(false);
        return result switch
        {
            RegistrationResult.Completed or RegistrationResult.CompletedBefore => HandshakeStatus.Answered,
            RegistrationResult.Full => HandshakeStatus.TooManySecrets,
            _ => HandshakeStatus.NoPendingRegistration,
        };
    }

    // Anybody can ask with a lease of nothing, which would end the secret at once.
    private TimeSpan? ReadLease(HandshakeContext context) =>
        LeaseSeconds?.Read(context) is { Length: > 0 and <= 9 } text && text.All(char.IsAsciiDigit)
            && int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
