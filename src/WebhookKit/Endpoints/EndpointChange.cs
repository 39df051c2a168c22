namespace WebhookKit.Endpoints;

/// <summary>A change of an endpoint; what is <see langword="null"/> stays as it is.</summary>
public sealed class EndpointChange
{
    /// <summary>The endpoint.</summary>
    public required EndpointId Id { get; init; }

    /// <summary>The version that has to be the stored one; then one more is stored.</summary>
    /// <value>Default: <see langword="null"/>, any, and it stays: no person's edit.</value>
    public long? Version { get; init; }

    /// <summary>All settings.</summary>
    public EndpointSettings? Settings { get; init; }

    /// <summary>The rate in force with <see cref="Settings"/>: the endpoint's own or its tenant's.</summary>
    public EndpointRate? Rate { get; init; }

    /// <summary>All secrets and headers; the version of secrets becomes one more.</summary>
    public IReadOnlyList<StoredSecret>? Secrets { get; init; }

    /// <summary>The version of secrets that has to be the stored one, for <see cref="Secrets"/>.</summary>
    public long SecretsVersion { get; init; }

    /// <summary>Messages that tell of it, stored in the same transaction if the change is made.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<WebhookMessage> Messages { get; init; } = [];

    /// <summary>When it is made.</summary>
    public required DateTimeOffset At { get; init; }
}
