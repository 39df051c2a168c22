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
    // The receiver notices a request a little after it was sent, and may do so after its sender gave up waiting.
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private IReadOnlyList<(Request Request, StoredAttempt? Attempt)>? _matched;

    public StoredDelivery Delivery => delivery;

    /// <summary>In the order they were made.</summary>
    public IReadOnlyList<Transition> Transitions => transitions;

    /// <summary>In the order of their beginning.</summary>
    public IReadOnlyList<StoredAttempt> Attempts => attempts;

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyList<Request> Requests => requests;

    public IEnumerable<StoredAttempt> AttemptsInTime => attempts.Where(attempt => !attempt.IsLate);

    /// <summary>Each request with the attempt in time that recorded it, if there is one; each attempt at most once.</summary>
    public IReadOnlyList<(Request Request, StoredAttempt? Attempt)> MatchedRequests => _matched ??= Match();

    /// <summary>Requests that no attempt in time accounts for, beyond the first that the receiver had to see.</summary>
    public int Duplicates
    {
        get
        {
            var unaccounted = MatchedRequests.Count(pair => pair.Attempt is null);
            return unaccounted == MatchedRequests.Count ? Math.Max(unaccounted - 1, 0) : unaccounted;
        }
    }

    /// <summary>Leases that ended without completion and passed to another owner.</summary>
    public IEnumerable<LeasedRow> ExpiredLeases => transitions
        .Where(transition => transition.IsGrantAfterExpiry)
        .Select(transition => new LeasedRow(delivery.Id, transition.Before!.LeaseId!.Value));

    private List<(Request Request, StoredAttempt? Attempt)> Match()
    {
        var free = AttemptsInTime.Where(HasReachedTheReceiver).ToList();
        return requests.Select(request =>
        {
            var attempt = free.Find(candidate =>
                request.ArrivedAt >= candidate.StartedAt - Before && request.ArrivedAt <= candidate.EndedAt + After);
            if (attempt is not null)
            {
                free.Remove(attempt);
            }

            return (request, attempt);
        }).ToList();
    }

    private static bool HasReachedTheReceiver(StoredAttempt attempt) => attempt.Outcome
        is AttemptOutcome.Succeeded or AttemptOutcome.Refused or AttemptOutcome.ReceiverError
        or AttemptOutcome.DeadlineExceeded or AttemptOutcome.ResponseInvalid;
}
