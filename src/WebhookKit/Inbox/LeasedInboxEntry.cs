using WebhookKit.Deliveries;

namespace WebhookKit.Inbox;

/// <summary>An entry that this process may handle until its lease ends.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="LeaseId">The fencing id that completion must present.</param>
/// <param name="Attempts">How often it has been handled without success before.</param>
/// <param name="Leases">How often it has been leased since then, this time included: more than once where its owner said no more of it.</param>
public sealed record LeasedInboxEntry(InboxEntry Entry, LeaseId LeaseId, int Attempts, int Leases);
