namespace WebhookKit.Handshakes;

/// <summary>What a handshake says about a registration.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="TenantId">Whose source it is, or null.</param>
public sealed record RegistrationAnswer(string Source, string? TenantId)
{
    /// <summary>The topic; null completes the oldest that is pending.</summary>
    public string? Topic { get; init; }

    /// <summary>The secret the provider brought; null where the registration has one.</summary>
    public string? Secret { get; init; }

    /// <summary>Whether it ends a registration; only one that was opened to end is completed.</summary>
    public bool Removes { get; init; }

    /// <summary>How long the registration lasts; null without an end.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Returns everything but the secret.</summary>
    public override string ToString() => $"{Source}/{TenantId}/{Topic}";
}
