using WebhookKit.Deliveries;
using WebhookKit.Inbox;

namespace WebhookKit.InMemory.Inbox;

/// <summary>A received event as it stands now.</summary>
internal sealed class InboxRow(InboxEntry entry, long number, DateTimeOffset dueAt)
{
    public static Comparer<InboxRow> ByDueTime { get; } =
        Comparer<InboxRow>.Create((x, y) => (x.DueAt, x.Number).CompareTo((y.DueAt, y.Number)));

    public InboxEntry Entry { get; } = entry;

    public InboxStatus Status { get; set; }

    public int Attempts { get; set; }

    public LeaseId? LeaseId { get; set; }

    /// <summary>May be leased from this instant; while it is leased, the end of the lease.</summary>
    public DateTimeOffset DueAt { get; set; } = dueAt;

    private long Number { get; } = number;
}
