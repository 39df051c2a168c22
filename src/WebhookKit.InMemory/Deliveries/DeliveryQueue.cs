namespace WebhookKit.InMemory.Deliveries;

/// <summary>The pending deliveries of one endpoint, the oldest due first, retries apart from first attempts.</summary>
internal sealed class DeliveryQueue
{
    private static readonly Comparer<DeliveryRow> ByDueTime =
        Comparer<DeliveryRow>.Create((x, y) => (x.DueAt, x.Id).CompareTo((y.DueAt, y.Id)));

    private readonly SortedSet<DeliveryRow> _firsts = new(ByDueTime);
    private readonly SortedSet<DeliveryRow> _retries = new(ByDueTime);

    public bool IsEmpty => _firsts.Count == 0 && _retries.Count == 0;

    public IEnumerable<DeliveryRow> All => _firsts.Concat(_retries);

    public DateTimeOffset EarliestDueAt => Earlier(_firsts.Min, _retries.Min)!.DueAt;

    public void Add(DeliveryRow row) => SetOf(row).Add(row);

    public void Remove(DeliveryRow row) => SetOf(row).Remove(row);

    /// <summary>Removes the oldest that are due, for the caller to put back where they belong then.</summary>
    public List<DeliveryRow> TakeDue(DateTimeOffset now, int maxDeliveries, int maxRetries)
    {
        var taken = new List<DeliveryRow>();
        while (taken.Count < maxDeliveries
            && Earlier(_firsts.Min, maxRetries > 0 ? _retries.Min : null) is { } row && row.DueAt <= now)
        {
            Remove(row);
            taken.Add(row);
            maxRetries -= row.Attempts > 0 ? 1 : 0;
        }

        return taken;
    }

    private static DeliveryRow? Earlier(DeliveryRow? one, DeliveryRow? other) =>
        one is null || (other is not null && ByDueTime.Compare(other, one) < 0) ? other : one;

    private SortedSet<DeliveryRow> SetOf(DeliveryRow row) => row.Attempts > 0 ? _retries : _firsts;
}
