using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.Faults;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class OwnSignatureTests
{
    private readonly HistoryBuilder _history = new() { FirstRetryDelay = TimeSpan.FromSeconds(0.2) };

    [Fact]
    public void Check_DoesNotVerify_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, isVerified: false).Complete("a", 1.05, 1.7);

        _history.AssertBroken(OwnSignature.Id, "does not verify");
    }

    [Fact]
    public void Check_SignedForAnEarlierAttempt_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 4).Request("a", 4.1, 4.6, signedAt: 1).Complete("a", 4.05, 4.7);

        _history.AssertBroken(OwnSignature.Id, "but was signed for");
    }

    // A node stopped between looking at the clock and sending gives the attempt up when it goes on, and is still the owner.
    [Fact]
    public void Check_AttemptThatNeverArrivedAndTheNextOne_Passes()
    {
        StallUntilTheDeadline().Lease("b", 5.4).Request("b", 5.5, 5.9).Complete("b", 5.45, 6);

        _history.AssertGood();
        Assert.Equal(0, _history.Judge().Duplicates);
    }

    [Fact]
    public void Check_AttemptThatArrivedWhenItsNodeWentOn_Passes()
    {
        StallUntilTheDeadline().Request("a", 5.05, 5.2, status: null, signedAt: 1.42)
            .Lease("a", 5.4).Request("a", 5.5, 5.9).Complete("a", 5.45, 6);

        _history.AssertGood();
        Assert.Equal(0, _history.Judge().Duplicates);
    }

    [Fact]
    public void Check_SignedForTheAttemptThatNeverArrivedByAnotherNode_IsAViolation()
    {
        StallUntilTheDeadline().Lease("b", 5.4).Request("b", 5.5, 5.9, signedAt: 1.42).Complete("b", 5.45, 6);

        _history.AssertBroken(OwnSignature.Id, "but was signed for");
    }

    [Fact]
    public void Check_SignatureOfItsNodesEarlierRequest_IsAViolation()
    {
        StallUntilTheDeadline().Request("a", 1.45, 1.9, status: null, signedAt: 1.42)
            .Lease("a", 5.4).Request("a", 5.5, 5.9, signedAt: 1.42).Complete("a", 5.45, 6);

        Assert.Contains(_history.Judge().Seen, violation => violation.Invariant == OwnSignature.Id);
    }

    [Fact]
    public void Check_SignedAheadOfTime_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, signedAt: 3).Complete("a", 1.05, 1.7);

        _history.AssertBroken(OwnSignature.Id, "but was signed for");
    }

    [Fact]
    public void Check_StoppedBeforeItLookedAtTheClock_SignsWhenItGoesOn()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1);
        _history.Disrupt(Fault.Stall, "a", 1.1, until: 7, delivery.Leased);
        delivery.Lease("b", 4.5).Request("b", 4.6, 5).Complete("b", 4.55, 5.1)
            .Request("a", 7.1, 7.5).CompleteLate(7.05, 7.6);

        _history.AssertGood();
        Assert.Equal(1, _history.Judge().Duplicates);
    }

    [Fact]
    public void Check_SignedOutsideTheTolerance_IsAViolation()
    {
        _history.Deliver(_history.Publish(begun: 399, ended: 399.1))
            .Lease("a", 399.2).Request("a", 400, 400.5, signedAt: 1)
            .Succeed("b", from: 500);

        _history.AssertBroken(OwnSignature.Id, "does not verify");
    }

    private DeliveryBuilder StallUntilTheDeadline()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1.4);
        _history.Disrupt(Fault.Stall, "a", 1.43, until: 5, delivery.Leased);
        return delivery.Complete("a", 1.42, 5.1, DeliveryStatus.Pending, dueAt: 5.3);
    }
}
