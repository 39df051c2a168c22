using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.Faults;
using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class RecoveryTests
{
    private const double Allowed = HistoryBuilder.Lease + HistoryBuilder.Poll + HistoryBuilder.Work;

    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_TakenUpInTime_PassesAndIsTold()
    {
        KillThenTakeUp(after: Allowed - 0.1);

        _history.AssertGood();
        Assert.Equal(Allowed - 0.1, _history.Judge().RecoverySeconds, precision: 2);
    }

    [Fact]
    public void Check_TakenUpTooLate_IsAViolation()
    {
        KillThenTakeUp(after: Allowed + 0.1);

        _history.AssertBroken(Recovery.Id, "more than 5.5 s");
    }

    [Fact]
    public void Check_NeverTakenUp_IsAViolation()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1);
        _history.Disrupt(Fault.Random, "a", 1.1, leased: delivery.Leased);

        _history.AssertBroken(Recovery.Id, "never taken up again");
    }

    [Fact]
    public void Check_OutageLongerThanTheLease_GivesThatMuchMoreTime()
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1);
        _history.Disrupt(Fault.DatabaseCrash, null, 1.1, until: 11.1, delivery.Leased);
        delivery.Succeed("b", from: 13);

        _history.AssertGood();
    }

    [Fact]
    public void Check_WaitedTooLongForFanOut_IsAViolation()
    {
        _history.Deliver(_history.Publish(begun: 0, ended: 0.1)).Succeed("a", from: 0.1 + Allowed + 0.1);

        _history.AssertBroken(Recovery.Id, "to be fanned out");
    }

    [Fact]
    public void Check_FannedOutInATransactionThatStoodOpen_IsAViolation()
    {
        _history.Deliver(_history.Publish(begun: 0, ended: 0.1)).Make("a", 0.2, committedAt: Allowed + 0.2).Succeed("b", Allowed + 1);

        _history.AssertBroken(Recovery.Id, "to be fanned out");
    }

    [Fact]
    public void Check_WaitedForFanOutInAnOutage_Passes()
    {
        _history.Disrupt(Fault.DatabaseCrash, null, 0.2, until: 2.2);
        _history.Deliver(_history.Publish(begun: 0, ended: 0.1)).Succeed("a", from: 0.1 + Allowed + 1.7);

        _history.AssertGood();
    }

    [Fact]
    public void Check_PendingAtTheEnd_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Make("a", 1);

        _history.AssertBroken(Recovery.Id, "there were left over: 1 deliveries to plain.");
    }

    [Fact]
    public void Check_NeverFannedOut_IsAViolation()
    {
        _history.Publish(PublicationEnd.Committed, isInOutbox: true);

        _history.AssertBroken(Recovery.Id, "there were left over: 1 messages.");
    }

    [Fact]
    public void Check_NodeThatEndedByItself_IsAViolation()
    {
        _history.Die("a");

        _history.AssertBroken(Recovery.Id, "a ended by itself");
    }

    private void KillThenTakeUp(double after)
    {
        var delivery = _history.Deliver(_history.Publish()).Lease("a", 1);
        _history.Disrupt(Fault.Random, "a", 1.5, leased: delivery.Leased);
        delivery.Succeed("b", from: 1.5 + after);
    }
}
