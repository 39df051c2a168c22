using WebhookKit.Deliveries;
using WebhookKit.Inbox;

namespace WebhookKit.InMemory.Inbox;

/// <summary>A received event as it stands now.</summary>
internal sealed class InboxRow(InboxEntry entry, long number, DateTimeOffset dueAt)
{
    public static Comparer<InboxRow> ByDueTime { get; } =
        Comparer<InboxRow>.Create((x, y) => (x.DueAt, x.Number).CompareTo((y.DueAt, y.Number)));

    public InboxEntry Entry { get; private set; } = entry;

    public InboxStatus Status { get; set; }

    public int Attempts { get; set; }

    public LeaseId? LeaseId { get; set; }

    /// <summary>May be leased from this instant; while it is leased, the end of the lease; once it is finished, since when it is.</summary>
    public DateTimeOffset DueAt { get; set; } = dueAt;

    public bool IsErased { get; private set; }

    private long Number { get; } = number;

    public void Erase()
    {
        IsErased = true;
        Entry = Entry with { Payload = default };
    }
}
