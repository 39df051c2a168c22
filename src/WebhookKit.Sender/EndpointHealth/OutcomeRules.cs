using WebhookKit.Deliveries;
using WebhookKit.Retry;
using WebhookKit.Sending;

namespace WebhookKit.Endpoints;

/// <summary>Turns an outcome into what is written back. Pure.</summary>
internal static class OutcomeRules
{
    /// <param name="delivery">What was attempted.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="schedule">The delays between attempts.</param>
    /// <param name="random">From 0 up to but not including 1; picks the point within the jitter.</param>
    /// <param name="skipsFailingHead">Whether a failed delivery lets those with its ordering key pass.</param>
    public static AttemptVerdict Decide(
        LeasedDelivery delivery, AttemptResult result, RetrySchedule schedule, double random, bool skipsFailingHead)
    {
        var attempt = result.Attempt;
        var completion = attempt.Outcome switch
        {
            AttemptOutcome.Succeeded => Final(delivery, DeliveryStatus.Succeeded, attempt: attempt),
            AttemptOutcome.Gone => Final(delivery, DeliveryStatus.DeadLettered, DeliveryStatusReason.EndpointGone, attempt),
            _ => Retry(delivery, result, schedule, random) with { LetsNextPass = skipsFailingHead },
        };
        return new AttemptVerdict(completion, Judge(delivery.EndpointId, attempt.Outcome, result.RetryAfter));
    }

    /// <summary>Ends a delivery, also without an attempt.</summary>
    public static DeliveryCompletion Final(
        LeasedDelivery delivery, DeliveryStatus status, DeliveryStatusReason reason = DeliveryStatusReason.None, Attempt? attempt = null) =>
        new() { Delivery = delivery, Status = status, Reason = reason, Attempt = attempt };

    /// <summary>Adds up what a batch says about each endpoint, in the order of their ids.</summary>
    public static IReadOnlyList<EndpointHealth> Summarize(IEnumerable<AttemptVerdict> verdicts, EndpointHealthPolicy policy) =>
        verdicts
            .Select(verdict => verdict.Health)
            .OfType<EndpointHealth>()
            .GroupBy(health => health.EndpointId)
            .OrderBy(ofEndpoint => ofEndpoint.Key)
            .Select(ofEndpoint => new EndpointHealth
            {
                EndpointId = ofEndpoint.Key,
                Successes = ofEndpoint.Sum(health => health.Successes),
                Failures = ofEndpoint.Sum(health => health.Failures),
                SlowDownFor = ofEndpoint.Max(health => health.SlowDownFor),
                DisableBecause = ofEndpoint.FirstOrDefault(health => health.DisableBecause is not null)?.DisableBecause,
                Policy = policy,
            })
            .ToArray();

    private static DeliveryCompletion Retry(LeasedDelivery delivery, AttemptResult result, RetrySchedule schedule, double random)
    {
        if (schedule.GetDelay(delivery.Attempts + 1, random) is not { } delay)
        {
            return Final(delivery, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted, result.Attempt);
        }

        return new DeliveryCompletion
        {
            Delivery = delivery,
            Attempt = result.Attempt,
            Status = DeliveryStatus.Pending,
            NextAttemptIn = RetryAfter.Combine(delay, result.RetryAfter),
        };
    }

    /// <summary>Whether the outcome is a fault of the sender's own, which says nothing about the endpoint.</summary>
    public static bool IsSendersFault(AttemptOutcome outcome) => outcome is AttemptOutcome.SigningFailed
        or AttemptOutcome.ClientCertificateMissing or AttemptOutcome.RenderingFailed or AttemptOutcome.SenderError or AttemptOutcome.None;

    private static EndpointHealth? Judge(EndpointId id, AttemptOutcome outcome, TimeSpan? retryAfter) => outcome switch
    {
        AttemptOutcome.Succeeded => new EndpointHealth { EndpointId = id, Successes = 1 },
        AttemptOutcome.Gone => new EndpointHealth { EndpointId = id, Failures = 1, DisableBecause = EndpointStatusReason.Gone },
        AttemptOutcome.Throttled => new EndpointHealth
        {
            EndpointId = id,
            Failures = 1,
            SlowDownFor = retryAfter ?? SenderDefaults.SlowDown,
        },
        _ when IsSendersFault(outcome) => null,
        _ => new EndpointHealth { EndpointId = id, Failures = 1 },
    };
}
