namespace WebhookKit.Handshakes;

/// <summary>That a provider has been, or is about to be, asked to send to a source.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="TenantId">Whose source it is, or null.</param>
/// <param name="PendingFor">How long its handshake is waited for.</param>
public sealed record SourceRegistration(string Source, string? TenantId, TimeSpan PendingFor)
{
    /// <summary>What is registered, up to 512 characters: a topic URL of WebSub, or a name of the application's own.</summary>
    /// <value>Empty unless said otherwise.</value>
    public string Topic { get; init; } = "";

    /// <summary>The secret the application chose, where the provider is told it (WebSub's <c>hub.secret</c>); null where it brings one.</summary>
    public string? Secret { get; init; }

    /// <summary>Whether the registration is to end: its secrets verify on for <see cref="SourceSecretLimits.Overlap"/>.</summary>
    public bool Removes { get; init; }

    /// <summary>Returns everything but the secret.</summary>
    public override string ToString() => $"{Source}/{TenantId}/{Topic}";
}
