namespace WebhookKit.Inbox;

/// <summary>What handling an entry came to.</summary>
/// <param name="Entry">The leased entry.</param>
/// <param name="Status">The status it takes; <see cref="InboxStatus.Pending"/> asks for another attempt.</param>
/// <param name="NextAttemptIn">For <see cref="InboxStatus.Pending"/>: how long until then, by the store's clock.</param>
/// <param name="Error">What went wrong, for a person.</param>
public sealed record InboxCompletion(
    LeasedInboxEntry Entry, InboxStatus Status, TimeSpan NextAttemptIn = default, string? Error = null);
