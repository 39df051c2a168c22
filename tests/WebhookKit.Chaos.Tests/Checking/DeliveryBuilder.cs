using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

/// <summary>Makes what happened to one delivery, step by step, as trigger, sender and receiver would have recorded it.</summary>
internal sealed class DeliveryBuilder(HistoryBuilder history, Guid messageId, ChaosEndpoint endpoint)
{
    private readonly Guid _id = history.NewId();
    private RowState? _row;

    public StoredDelivery Delivery => new(_id, messageId, endpoint.Id, _row?.Status ?? DeliveryStatus.Pending, Reason);

    public List<StoredAttempt> Attempts { get; } = [];

    public List<Transition> Transitions { get; } = [];

    /// <summary>What a disruption would find leased now.</summary>
    public LeasedRow Leased => new(_id, _row!.LeaseId!.Value);

    private DeliveryStatusReason Reason { get; set; }

    /// <summary>A node takes the delivery; the first time it makes it already leased.</summary>
    public DeliveryBuilder Lease(string node, double at) => Change(node, at, (_row ?? Fresh(at)) with
    {
        LeaseId = history.NewId(),
        DueAt = HistoryBuilder.At(at + HistoryBuilder.Lease),
        Leases = (_row?.Leases ?? 0) + 1,
    });

    /// <summary>Fan-out makes it without a lease.</summary>
    public DeliveryBuilder Make(string node, double at, double? dueAt = null, double? committedAt = null) =>
        Change(node, at, Fresh(dueAt ?? at), committedAt);

    /// <summary>A request arrives at the receiver.</summary>
    public DeliveryBuilder Request(
        string node, double from, double to, int? status = 200, UInt128? hash = null, bool isVerified = true, double? signedAt = null)
    {
        history.AddRequest(new Request
        {
            EndpointId = endpoint.Id,
            MessageId = messageId,
            Node = node,
            BodyHash = hash ?? HistoryBuilder.Hash,
            Timestamp = HistoryBuilder.At(signedAt ?? from).ToUnixTimeSeconds(),
            IsVerified = isVerified,
            ArrivedAt = HistoryBuilder.At(from),
            EndedAt = HistoryBuilder.At(to),
            StatusCode = status,
        });
        return this;
    }

    /// <summary>A node writes what its lease came to.</summary>
    public DeliveryBuilder Complete(
        string node,
        double begun,
        double at,
        DeliveryStatus status = DeliveryStatus.Succeeded,
        DeliveryStatusReason reason = DeliveryStatusReason.None,
        double? dueAt = null,
        int? number = null)
    {
        Reason = reason;
        Attempts.Add(new StoredAttempt(
            _id,
            number ?? _row!.Attempts + 1,
            HistoryBuilder.At(begun),
            TimeSpan.FromSeconds(at - begun),
            status == DeliveryStatus.Succeeded ? AttemptOutcome.Succeeded : AttemptOutcome.ReceiverError));
        return Change(node, at, _row! with
        {
            Status = status,
            LeaseId = null,
            DueAt = HistoryBuilder.At(dueAt ?? at),
            Attempts = _row!.Attempts + 1,
            Leases = 0,
        });
    }

    /// <summary>A node that has lost its lease only records its attempt.</summary>
    public DeliveryBuilder CompleteLate(double begun, double at)
    {
        Attempts.Add(new StoredAttempt(
            _id, null, HistoryBuilder.At(begun), TimeSpan.FromSeconds(at - begun), AttemptOutcome.Succeeded));
        return this;
    }

    /// <summary>A node hands its lease back unsent.</summary>
    public DeliveryBuilder Release(string node, double at) => Change(node, at, _row! with
    {
        LeaseId = null,
        DueAt = HistoryBuilder.At(at),
        Leases = _row!.Leases - 1,
    });

    /// <summary>Leased, sent, accepted and completed within a second from when it begins.</summary>
    public DeliveryBuilder Succeed(string node = "a", double from = 1) =>
        Lease(node, from).Request(node, from + 0.1, from + 0.6, signedAt: from + 0.05).Complete(node, from + 0.05, from + 0.7);

    private static RowState Fresh(double dueAt) => new(DeliveryStatus.Pending, null, HistoryBuilder.At(dueAt), 0, 0);

    private DeliveryBuilder Change(string node, double at, RowState after, double? committedAt = null)
    {
        Transitions.Add(new Transition(
            HistoryBuilder.At(at), _id, node, _row, after, HistoryBuilder.At(committedAt ?? at)));
        _row = after;
        return this;
    }
}
