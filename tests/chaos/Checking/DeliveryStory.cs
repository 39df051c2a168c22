using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>Everything recorded about one delivery, brought together.</summary>
internal sealed class DeliveryStory(
    StoredDelivery delivery,
    IReadOnlyList<Transition> transitions,
    IReadOnlyList<StoredAttempt> attempts,
    IReadOnlyList<Request> requests)
{
    private IReadOnlyList<SentRequest>? _sent;

    public StoredDelivery Delivery => delivery;

    /// <summary>In the order they were made.</summary>
    public IReadOnlyList<Transition> Transitions => transitions;

    /// <summary>In the order of their beginning.</summary>
    public IReadOnlyList<StoredAttempt> Attempts => attempts;

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyList<Request> Requests => requests;

    public IEnumerable<StoredAttempt> AttemptsInTime => attempts.Where(attempt => !attempt.IsLate);

    /// <summary>Each request with the lease it was made under.</summary>
    public IReadOnlyList<SentRequest> Sent => _sent ??= SentRequest.Match(requests, HeldLease.Of(transitions, AttemptsInTime));

    /// <summary>Requests that no attempt in time accounts for, beyond the first that the receiver had to see.</summary>
    public int Duplicates
    {
        get
        {
            var unrecorded = Sent.Count(sent => !sent.IsRecorded);
            return unrecorded == Sent.Count ? Math.Max(unrecorded - 1, 0) : unrecorded;
        }
    }

    /// <summary>Leases that ended without completion and passed to another owner.</summary>
    public IEnumerable<LeasedRow> ExpiredLeases => transitions
        .Where(transition => transition.IsGrantAfterExpiry)
        .Select(transition => new LeasedRow(delivery.Id, transition.Before!.LeaseId!.Value));
}
