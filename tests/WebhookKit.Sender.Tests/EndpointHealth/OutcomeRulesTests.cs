using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Retry;
using WebhookKit.Sending;

namespace WebhookKit.Sender.Tests.EndpointHealth;

public sealed class OutcomeRulesTests
{
    private static readonly IdGenerator Ids = new(TimeProvider.System);
    private static readonly RetrySchedule Schedule = new([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)]);

    [Fact]
    public void Decide_Succeeded_EndsTheDeliveryAndCountsASuccess()
    {
        var verdict = Decide(AttemptOutcome.Succeeded);

        Assert.Equal(DeliveryStatus.Succeeded, verdict.Completion.Status);
        Assert.NotNull(verdict.Completion.Attempt);
        Assert.Equal((1, 0), (verdict.Health!.Successes, verdict.Health.Failures));
    }

    [Fact]
    public void Decide_Gone_DeadLettersAndDisablesTheEndpoint()
    {
        var verdict = Decide(AttemptOutcome.Gone);

        Assert.Equal((DeliveryStatus.DeadLettered, DeliveryStatusReason.EndpointGone), (verdict.Completion.Status, verdict.Completion.Reason));
        Assert.Equal(EndpointStatusReason.Gone, verdict.Health!.DisableBecause);
    }

    [Theory]
    [InlineData(AttemptOutcome.Redirected)]
    [InlineData(AttemptOutcome.Refused)]
    [InlineData(AttemptOutcome.AuthorizationFailed)]
    [InlineData(AttemptOutcome.ReceiverError)]
    [InlineData(AttemptOutcome.UrlForbidden)]
    [InlineData(AttemptOutcome.AddressForbidden)]
    [InlineData(AttemptOutcome.NameResolutionFailed)]
    [InlineData(AttemptOutcome.ConnectFailed)]
    [InlineData(AttemptOutcome.TlsFailed)]
    [InlineData(AttemptOutcome.DeadlineExceeded)]
    [InlineData(AttemptOutcome.ResponseInvalid)]
    [InlineData(AttemptOutcome.ConnectionBroken)]
    public void Decide_FailureOfTheEndpoint_RetriesByScheduleAndCounts(AttemptOutcome outcome)
    {
        var verdict = Decide(outcome, attemptsBefore: 1);

        Assert.Equal(DeliveryStatus.Pending, verdict.Completion.Status);
        Assert.Equal(TimeSpan.FromSeconds(60), verdict.Completion.NextAttemptIn);
        Assert.Equal((0, 1), (verdict.Health!.Successes, verdict.Health.Failures));
        Assert.Null(verdict.Health.SlowDownFor);
        Assert.Null(verdict.Health.DisableBecause);
    }

    [Theory]
    [InlineData(AttemptOutcome.SigningFailed)]
    [InlineData(AttemptOutcome.ClientCertificateMissing)]
    [InlineData(AttemptOutcome.RenderingFailed)]
    [InlineData(AttemptOutcome.SenderError)]
    public void Decide_FaultOfTheSender_RetriesAndSaysNothingAboutTheEndpoint(AttemptOutcome outcome)
    {
        var verdict = Decide(outcome);

        Assert.Equal(DeliveryStatus.Pending, verdict.Completion.Status);
        Assert.Null(verdict.Health);
    }

    [Fact]
    public void Decide_LastAttemptFailed_DeadLettersAsExhausted()
    {
        var verdict = Decide(AttemptOutcome.Refused, attemptsBefore: 2);

        Assert.Equal((DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted), (verdict.Completion.Status, verdict.Completion.Reason));
    }

    [Theory]
    [InlineData(null, 8, 5)]
    [InlineData(3, 8, 3)]
    [InlineData(30, 30, 30)]
    public void Decide_Throttled_WaitsForTheLongerAndSlowsTheEndpointDown(int? retryAfterSeconds, int nextSeconds, int slowDownSeconds)
    {
        var retryAfter = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;

        // The lowest jitter: 20 % off the schedule's 10 seconds, but nothing off what the endpoint asked for.
        var verdict = Decide(AttemptOutcome.Throttled, retryAfter: retryAfter, random: 0);

        Assert.Equal(TimeSpan.FromSeconds(nextSeconds), verdict.Completion.NextAttemptIn);
        Assert.Equal(TimeSpan.FromSeconds(slowDownSeconds), verdict.Health!.SlowDownFor);
    }

    [Fact]
    public void Summarize_AddsUpPerEndpointInTheOrderOfIds()
    {
        var one = Ids.NewEndpointId();
        var two = Ids.NewEndpointId();
        var health = OutcomeRules.Summarize(
        [
            Decide(AttemptOutcome.Succeeded, endpoint: two),
            Decide(AttemptOutcome.Throttled, endpoint: one, retryAfter: TimeSpan.FromSeconds(9)),
            Decide(AttemptOutcome.Throttled, endpoint: one, retryAfter: TimeSpan.FromSeconds(90)),
            Decide(AttemptOutcome.SenderError, endpoint: one),
            Decide(AttemptOutcome.Gone, endpoint: one),
        ], EndpointHealthPolicy.Default);

        Assert.Equal([one, two], health.Select(ofEndpoint => ofEndpoint.EndpointId));
        Assert.Equal((0, 3), (health[0].Successes, health[0].Failures));
        Assert.Equal(TimeSpan.FromSeconds(90), health[0].SlowDownFor);
        Assert.Equal(EndpointStatusReason.Gone, health[0].DisableBecause);
        Assert.Equal((1, 0), (health[1].Successes, health[1].Failures));
    }

    private static AttemptVerdict Decide(
        AttemptOutcome outcome, int attemptsBefore = 0, TimeSpan? retryAfter = null, double random = 0.5, EndpointId? endpoint = null)
    {
        var delivery = new LeasedDelivery(
            Ids.NewDeliveryId(), Ids.NewMessageId(), endpoint ?? Ids.NewEndpointId(), Ids.NewLeaseId(), attemptsBefore, Leases: 1);
        var attempt = new Attempt
        {
            Id = Ids.NewAttemptId(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(3),
            Outcome = outcome,
        };
        return OutcomeRules.Decide(delivery, new AttemptResult(attempt, retryAfter), Schedule, random, skipsFailingHead: false);
    }
}
