using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>I5: attempt numbers strictly increase, never above the maximum, and none begins before it is due.</summary>
internal sealed class AttemptOrder : IInvariant
{
    public const string Id = "I5";

    // The database keeps microseconds, the sender ticks.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    public IEnumerable<Violation> Check(Evidence evidence) => evidence.Stories.SelectMany(story =>
        Numbers(story, evidence.Settings).Concat(EarlyLeases(story))
            .Select(what => new Violation(Id, $"Delivery {story.Delivery.Id}: {what}.")));

    private static IEnumerable<string> Numbers(DeliveryStory story, RunSettings settings)
    {
        var schedule = settings.RetrySchedule;
        var expected = 1;
        StoredAttempt? previous = null;
        foreach (var attempt in story.AttemptsInTime)
        {
            if (attempt.Number != expected)
            {
                yield return $"attempt {attempt.Number} stands where {expected} belongs";
            }
            else if (expected > schedule.MaxAttempts)
            {
                yield return $"attempt {expected} was made, {schedule.MaxAttempts} are the most";
            }
            else if (previous is not null
                && previous.EndedAt + schedule.Delays[expected - 2] * (1 - schedule.Jitter) - attempt.StartedAt > Rounding)
            {
                yield return $"attempt {expected} began at {attempt.StartedAt:O}, too soon after the one that ended at {previous.EndedAt:O}";
            }

            expected++;
            previous = attempt;
        }
    }

    private static IEnumerable<string> EarlyLeases(DeliveryStory story) => story.Transitions
        .Where(transition => transition.IsGrant && transition.Before is { LeaseId: null } before && before.DueAt > transition.At)
        .Select(transition => $"{transition.Writer} leased it at {transition.At:O}, before it was due at {transition.Before!.DueAt:O}");
}
