namespace WebhookKit;

/// <summary>Which dead letters of the inbox a person means; those that were erased are none.</summary>
public sealed record InboxDeadLetterSelection
{
    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>The one tenant, or the empty string for what belongs to none.</summary>
    /// <value>Default: <see langword="null"/>, whoever's they are.</value>
    public string? TenantId { get; init; }

    /// <summary>The one claim key.</summary>
    /// <value>Default: <see langword="null"/>, every one.</value>
    public string? Key { get; init; }

    /// <summary>Only those that were dead-lettered at this instant or later, by the store's clock.</summary>
    /// <value>Default: <see langword="null"/>, from the first on.</value>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those that were dead-lettered at this instant or before, by the store's clock.</summary>
    /// <value>Default: <see langword="null"/>, up to when the call begins.</value>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Selects one that was listed.</summary>
    public static InboxDeadLetterSelection Of(InboxDeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return new() { Source = letter.Source, TenantId = letter.TenantId ?? "", Key = letter.Key };
    }
}
