namespace WebhookKit;

/// <summary>A received event that could not be handled and is kept for a person; its payload is not read.</summary>
/// <param name="Source">The source it came from.</param>
/// <param name="TenantId">Whose it is, or <see langword="null"/>.</param>
/// <param name="Key">Its claim key.</param>
/// <param name="EventType">The event type as the source names it.</param>
/// <param name="DeadLetteredAt">When it was dead-lettered, by the store's clock.</param>
/// <param name="Attempts">How often it was handled without success.</param>
/// <param name="Error">What went wrong the last time.</param>
public sealed record InboxDeadLetter(
    string Source, string? TenantId, string Key, string EventType, DateTimeOffset DeadLetteredAt, int Attempts, string? Error);
