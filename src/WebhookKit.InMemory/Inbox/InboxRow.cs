using WebhookKit.Deliveries;
using WebhookKit.Inbox;

namespace WebhookKit.InMemory.Inbox;

/// <summary>A received event as it stands now.</summary>
internal sealed class InboxRow(InboxEntry entry, long number, DateTimeOffset dueAt)
{
    public static Comparer<InboxRow> ByDueTime { get; } =
        Comparer<InboxRow>.Create((x, y) => (x.DueAt, x.Number).CompareTo((y.DueAt, y.Number)));

    public static Comparer<InboxRow> ByArrival { get; } = Comparer<InboxRow>.Create((x, y) => x.Number.CompareTo(y.Number));

    public InboxEntry Entry { get; private set; } = entry;

    public InboxStatus Status { get; set; }

    public int Attempts { get; set; }

    public int Leases { get; set; }

    public string? Error { get; set; }

    public LeaseId? LeaseId { get; set; }

    /// <summary>May be leased from this instant; while it is leased, the end of the lease; once it is finished, since when it is.</summary>
    public DateTimeOffset DueAt { get; set; } = dueAt;

    public bool IsErased { get; private set; }

    /// <summary>Its place in the order of arrival.</summary>
    public long Number { get; } = number;

    /// <summary>What it shares with entries that are handled one after the other; null when it waits for none.</summary>
    public (string Source, string? TenantId, string OrderingKey)? Line { get; private set; } =
        entry.OrderingKey is { } key ? (entry.Claim.Source, entry.Claim.TenantId, key) : null;

    /// <summary>Empties it; it must have been taken out of its line.</summary>
    public void Erase()
    {
        IsErased = true;
        Error = null;
        Line = null;
        Entry = Entry with { Payload = default, OrderingKey = null };
    }
}
