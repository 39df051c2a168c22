using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.InMemory.Deliveries;

/// <summary>Deliveries by id, and the pending ones in their endpoint's queue.</summary>
internal sealed class DeliveryTable
{
    private static readonly EndpointId Last = new(Guid.AllBitsSet);

    private readonly Dictionary<DeliveryId, DeliveryRow> _rows = [];
    private readonly Dictionary<EndpointId, DeliveryQueue> _queues = [];
    private readonly SortedSet<EndpointId> _waiting = [];
    private readonly OrderingLines _lines = new();

    public IEnumerable<DeliveryRow> All => _rows.Values;

    public DeliveryRow? Find(DeliveryId id) => _rows.GetValueOrDefault(id);

    public DeliveryQueue? FindQueue(EndpointId id) => _queues.GetValueOrDefault(id);

    /// <summary>Endpoints with pending deliveries, in the order of their ids.</summary>
    public IEnumerable<EndpointId> EndpointsAfter(EndpointId? after) =>
        after is { } cursor ? _waiting.GetViewBetween(cursor, Last).Where(id => id != cursor) : _waiting;

    public DeliveryRow Add(NewDelivery delivery, DateTimeOffset now)
    {
        var row = new DeliveryRow(delivery);
        _rows.Add(row.Id, row);
        if (row.Status == DeliveryStatus.Pending)
        {
            row.NextAttemptAt = now + delivery.DueIn;
            row.DueAt = row.NextAttemptAt.Value;
            if (row.OrderingKey is not null)
            {
                row.DueAt = _lines.Join(row) ? row.DueAt : DateTimeOffset.MaxValue;
            }
            else if (delivery.LeaseId is not null)
            {
                row.LeaseId = delivery.LeaseId;
                row.Leases = 1;
                row.DueAt = now + delivery.LeaseDuration;
            }

            Enqueue(row);
        }
        else
        {
            row.DueAt = now;
        }

        return row;
    }

    public void Remove(DeliveryRow row)
    {
        _rows.Remove(row.Id);
        Dequeue(row);
    }

    /// <summary>Leases the oldest that are due.</summary>
    public IEnumerable<DeliveryRow> Lease(LeaseBudget budget, LeaseId leaseId, DateTimeOffset now, TimeSpan leaseDuration)
    {
        if (!_queues.TryGetValue(budget.EndpointId, out var queue))
        {
            return [];
        }

        var taken = queue.TakeDue(now, budget.Deliveries, budget.Retries);
        foreach (var row in taken)
        {
            row.LeaseId = leaseId;
            row.Leases++;
            row.DueAt = now + leaseDuration;
            queue.Add(row);
        }

        return taken;
    }

    /// <summary>Changes what decides a delivery's place in its queue, and puts it there.</summary>
    /// <param name="row">The delivery; with a final status it lets the next with its ordering key fall due.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="letsNextPass">Whether it gives up its place in the order although it is still pending.</param>
    public void Change(DeliveryRow row, Action<DeliveryRow> change, bool letsNextPass = false)
    {
        Dequeue(row);
        change(row);
        Enqueue(row);
        if ((letsNextPass || row.Status != DeliveryStatus.Pending)
            && _lines.Leave(row) is { DueAt: var dueAt } next && dueAt == DateTimeOffset.MaxValue)
        {
            Change(next, waiting => waiting.DueAt = waiting.NextAttemptAt!.Value);
        }
    }

    private void Enqueue(DeliveryRow row)
    {
        if (row.Status != DeliveryStatus.Pending)
        {
            return;
        }

        if (!_queues.TryGetValue(row.EndpointId, out var queue))
        {
            _queues.Add(row.EndpointId, queue = new DeliveryQueue());
            _waiting.Add(row.EndpointId);
        }

        queue.Add(row);
    }

    private void Dequeue(DeliveryRow row)
    {
        if (row.Status != DeliveryStatus.Pending || !_queues.TryGetValue(row.EndpointId, out var queue))
        {
            return;
        }

        queue.Remove(row);
        if (queue.IsEmpty)
        {
            _queues.Remove(row.EndpointId);
            _waiting.Remove(row.EndpointId);
        }
    }
}
