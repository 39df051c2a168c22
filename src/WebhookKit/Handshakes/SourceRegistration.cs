namespace WebhookKit.Handshakes;

/// <summary>That a provider has been, or is about to be, asked to send to a source.</summary>
public sealed record SourceRegistration
{
    /// <summary>Creates one.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="tenantId">Whose source it is, or null.</param>
    /// <param name="pendingFor">How long its handshake is waited for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive, or above <see cref="SourceSecretLimits.MaxPendingFor"/>.</exception>
    public SourceRegistration(string source, string? tenantId, TimeSpan pendingFor)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pendingFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pendingFor, SourceSecretLimits.MaxPendingFor);
        Source = source;
        TenantId = tenantId;
        PendingFor = pendingFor;
    }

    /// <summary>The source's name.</summary>
    public string Source { get; }

    /// <summary>Whose source it is, or null.</summary>
    public string? TenantId { get; }

    /// <summary>How long its handshake is waited for.</summary>
    public TimeSpan PendingFor { get; }

    /// <summary>What is registered: a topic URL of WebSub, or a name of the application's own.</summary>
    /// <value>Empty unless said otherwise.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value has more than <see cref="SourceSecretLimits.MaxTopicLength"/> characters.</exception>
    public string Topic
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, SourceSecretLimits.MaxTopicLength, nameof(value));
            field = value;
        }
    } = "";

    /// <summary>The secret the application chose, where the provider is told it (WebSub's <c>hub.secret</c>); null where it brings one.</summary>
    public string? Secret { get; init; }

    /// <summary>Whether the registration is to end: its secrets verify on for <see cref="SourceSecretLimits.Overlap"/>.</summary>
    public bool Removes { get; init; }

    /// <summary>Returns everything but the secret.</summary>
    public override string ToString() => $"{Source}/{TenantId}/{Topic}";
}
