using WebhookKit.Deliveries;

namespace WebhookKit.Inbox;

/// <summary>An entry that this process may handle until its lease ends.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="LeaseId">The fencing id that completion must present.</param>
/// <param name="Attempts">How often it has been handled without success before.</param>
public sealed record LeasedInboxEntry(InboxEntry Entry, LeaseId LeaseId, int Attempts);
