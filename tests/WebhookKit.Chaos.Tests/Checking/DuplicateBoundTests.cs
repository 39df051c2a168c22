using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.Faults;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class DuplicateBoundTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_SentAgainAfterAKill_IsAllowedAndCounted()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.3, status: null);
        _history.Disrupt(Fault.AfterAnswer, "a", 1.3, leased: delivery.Leased);
        delivery.Succeed("b", from: 4.5);

        _history.AssertGood();
        var verdict = _history.Judge();
        Assert.Equal((1, 1, 0), (verdict.Duplicates, verdict.DuplicatesAllowed, verdict.UnexplainedExpiries));
        Assert.Equal([1], verdict.LeasedAtKill);
        Assert.Equal(1, verdict.KillsPerPoint["after-2xx"]);
    }

    [Fact]
    public void Check_KilledBeforeSending_IsNoDuplicate()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1);
        _history.Disrupt(Fault.AfterLease, "a", 1.1, leased: delivery.Leased);
        delivery.Succeed("b", from: 4.5);

        Assert.Equal((0, 1), (_history.Judge().Duplicates, _history.Judge().DuplicatesAllowed));
    }

    [Fact]
    public void Check_LeaseThatEndedWithoutAFault_IsAllowedAndTold()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.3).Succeed("b", from: 4.5);

        _history.AssertGood();
        Assert.Equal(1, _history.Judge().UnexplainedExpiries);
    }

    [Fact]
    public void Check_LeasedByAnotherNodeThanTheKilled_IsNotCountedForIt()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("b", 1);
        _history.Disrupt(Fault.Random, "a", 1.1, leased: delivery.Leased);
        delivery.Request("b", 1.2, 1.5).Complete("b", 1.15, 1.6);

        Assert.Equal([0], _history.Judge().LeasedAtKill);
        Assert.Equal(0, _history.Judge().DuplicatesAllowed);
    }

    [Fact]
    public void Check_SentTwiceUnderOneLease_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.2).Request("a", 1.3, 1.6).Complete("a", 1.05, 1.7);

        _history.AssertBroken(DuplicateBound.Id, "0 of its leases ended without completion");
    }

    [Fact]
    public void Check_SentTwiceAfterAnAttemptThatNeverArrived_IsAViolation()
    {
        var history = new HistoryBuilder { FirstRetryDelay = TimeSpan.FromSeconds(0.2) };
        history.Deliver(history.Publish())
            .Lease("a", 1).Complete("a", 1.05, 1.5, DeliveryStatus.Pending, dueAt: 1.7)
            .Lease("b", 1.75).Request("b", 1.8, 1.82).Request("b", 1.85, 1.9).Complete("b", 1.77, 1.95);

        history.AssertBroken(DuplicateBound.Id, "0 of its leases ended without completion");
    }

    [Fact]
    public void Check_RetryAfterARecordedFailure_IsNoDuplicate()
    {
        _history.Deliver(_history.Publish())
            .Lease("a", 1).Request("a", 1.1, 1.5, status: 500).Complete("a", 1.05, 1.6, DeliveryStatus.Pending, dueAt: 2.6)
            .Succeed("b", from: 2.7);

        _history.AssertGood();
        Assert.Equal(0, _history.Judge().Duplicates);
    }

    [Fact]
    public void Check_TwoDeliveriesOfOneMessageToOneEndpoint_IsAViolation()
    {
        var message = _history.Publish();
        _history.Deliver(message).Lease("a", 1).Request("a", 1.1, 1.6).Complete("a", 1.05, 1.7);
        _history.Deliver(message).Lease("b", 2.9).Request("b", 3, 3.6).Complete("b", 2.95, 3.7);

        Assert.Contains(_history.Judge().Seen, violation =>
            violation.Invariant == DuplicateBound.Id && violation.What.Contains("2 deliveries", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_OtherBytes_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, hash: 43).Complete("a", 1.05, 1.7);

        _history.AssertBroken(DuplicateBound.Id, "other bytes");
    }
}
