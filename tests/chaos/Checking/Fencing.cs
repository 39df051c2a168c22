using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>I6: at most one owner at a time, and a late owner's completion changes no status.</summary>
internal sealed class Fencing : IInvariant
{
    public const string Id = "I6";

    // An attempt's beginning and the database's count of the lease come from two readings of the machine's clock.
    private static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(5);

    public IEnumerable<Violation> Check(Evidence evidence)
    {
        foreach (var story in evidence.Stories)
        {
            // After the first, it is no longer clear whose the delivery is.
            if (Owners(story).FirstOrDefault() is { } what)
            {
                yield return new Violation(Id, $"Delivery {story.Delivery.Id}: {what}.");
            }
        }

        foreach (var (story, overlap) in evidence.Stories.Select(story => (story, Overlap.Of(story))).Where(found => found.Item2 > 1))
        {
            yield return new Violation(Id, $"Delivery {story.Delivery.Id}: {overlap} requests were in flight at once, each under a lease that stood.");
        }
    }

    private static IEnumerable<string> Owners(DeliveryStory story)
    {
        var begun = story.AttemptsInTime.ToLookup(attempt => attempt.Number!.Value, attempt => attempt.StartedAt);
        Transition? grant = null;
        foreach (var transition in story.Transitions)
        {
            var before = transition.Before;
            if (transition.IsGrant)
            {
                if (transition.IsGrantAfterExpiry && before!.DueAt > transition.At)
                {
                    yield return $"{transition.Writer} leased it at {transition.At:O}, while the lease of {grant?.Writer} stood until {before.DueAt:O}";
                }

                grant = transition;
                continue;
            }

            if (before is null)
            {
                continue;
            }

            if (before.Status != DeliveryStatus.Pending)
            {
                yield return $"{transition.Writer} changed it at {transition.At:O}, although it had ended {before.Status}";
            }
            else if (before.LeaseId is not null && transition.Writer != grant?.Writer)
            {
                yield return $"{transition.Writer} changed it at {transition.At:O} under a lease of {grant?.Writer}";
            }
            else if (transition.After.Attempts > before.Attempts && before.LeaseId is null)
            {
                yield return $"{transition.Writer} completed an attempt at {transition.At:O} without a lease";
            }
            else if (transition.After.Attempts > before.Attempts
                && begun[transition.After.Attempts].Any(startedAt => startedAt < grant!.At - Reading))
            {
                yield return $"{transition.Writer} completed at {transition.At:O} an attempt begun at "
                    + $"{begun[transition.After.Attempts].Min():O}, before its lease of {grant!.At:O}";
            }
        }
    }
}
