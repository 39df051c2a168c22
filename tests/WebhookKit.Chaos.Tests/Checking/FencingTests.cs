using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.Faults;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class FencingTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_LateOwnerOnlyRecordsItsAttempt_Passes()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.5);
        _history.Disrupt(Fault.Stall, "a", 1.2, until: 4.8, delivery.Leased);
        delivery.Lease("b", 4.5).CompleteLate(1.05, 4.8).Request("b", 4.6, 5).Complete("b", 4.55, 5.1);

        _history.AssertGood();
        Assert.Equal(1, _history.Judge().FencedCompletions);
        Assert.Equal(1, _history.Judge().MaxOverlap);
    }

    [Fact]
    public void Check_LateOwnersCompletionCounts_IsAViolation()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.5);
        _history.Disrupt(Fault.Stall, "a", 1.2, until: 4.8, delivery.Leased);
        delivery.Lease("b", 4.5).Request("b", 4.6, 5).Complete("a", 1.05, 4.8);

        _history.AssertBroken(Fencing.Id, "a changed it");
    }

    [Fact]
    public void Check_AttemptOfAnEarlierLeaseOfTheSameNodeCounts_IsAViolation()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.5);
        _history.Disrupt(Fault.Stall, "a", 1.2, until: 4.8, delivery.Leased);
        delivery.Lease("a", 4.5).Request("a", 4.6, 5).Complete("a", 1.05, 4.8);

        _history.AssertBroken(Fencing.Id, "an attempt begun at");
    }

    [Fact]
    public void Check_LeasedWhileALeaseStands_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Lease("b", 2).Request("b", 2.1, 2.6).Complete("b", 2.05, 2.7);

        _history.AssertBroken(Fencing.Id, "while the lease of a stood");
    }

    [Fact]
    public void Check_TwoRequestsInFlightUnderLeasesThatStand_IsAViolation()
    {
        _history.Deliver(_history.Publish())
            .Lease("a", 1).Lease("b", 2).Request("a", 1.1, 2.9).Request("b", 2.1, 2.6).Complete("b", 2.05, 2.7);

        Assert.Equal(2, _history.Judge().MaxOverlap);
        Assert.Contains(_history.Judge().Seen, violation => violation.What.Contains("in flight at once", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_RequestThatOutlivesItsLease_IsNoOverlap()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 6).Succeed("b", from: 4.5);

        Assert.Equal(1, _history.Judge().MaxOverlap);
        _history.AssertGood();
    }

    [Fact]
    public void Check_ChangedAfterItsEnd_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Succeed("a", from: 1)
            .Lease("b", 2).Request("b", 2.1, 2.4).Complete("b", 2.05, 2.5, DeliveryStatus.Succeeded)
            .Release("b", 3);

        Assert.Contains(_history.Judge().Seen, violation => violation.What.Contains("had ended Succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_CompletedWithoutALease_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Release("a", 1.1).Request("a", 1.2, 1.5).Complete("a", 1.15, 1.6);

        _history.AssertBroken(Fencing.Id, "without a lease");
    }
}
