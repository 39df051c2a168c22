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
        TakeOut(row);
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

    /// <summary>Takes a delivery out of its queue before anything is changed that decides its place there.</summary>
    public void TakeOut(DeliveryRow row)
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

    /// <summary>Puts a delivery where it now belongs.</summary>
    /// <param name="row">The delivery; with a final status it lets the next with its ordering key fall due.</param>
    /// <param name="letsNextPass">Whether it gives up its place in the order although it is still pending.</param>
    public void PutBack(DeliveryRow row, bool letsNextPass = false)
    {
        Enqueue(row);
        if ((letsNextPass || row.Status != DeliveryStatus.Pending)
            && _lines.Leave(row) is { } next && next.DueAt == DateTimeOffset.MaxValue)
        {
            TakeOut(next);
            next.DueAt = next.NextAttemptAt!.Value;
            PutBack(next);
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
}
