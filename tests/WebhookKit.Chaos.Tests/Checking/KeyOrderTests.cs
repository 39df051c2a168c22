using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class KeyOrderTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_OneAfterTheOther_Passes()
    {
        Deliver(Publish(begun: 0, ended: 0.1), from: 1);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 2);

        _history.AssertGood();
    }

    [Fact]
    public void Check_LaterOneArrivesFirst_IsAViolation()
    {
        Deliver(Publish(begun: 0, ended: 0.1), from: 2);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 1);

        _history.AssertBroken(KeyOrder.Id, "was committed first");
        Assert.Equal(1, _history.Judge().OrderViolations);
    }

    [Fact]
    public void Check_LaterOneArrivesWhileTheFirstIsUnanswered_IsAViolation()
    {
        Deliver(Publish(begun: 0, ended: 0.1), from: 1);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 1.3);

        _history.AssertBroken(KeyOrder.Id, "was finished");
    }

    [Fact]
    public void Check_PassesAFailingHead_IsAViolation()
    {
        _history.Deliver(Publish(begun: 0, ended: 0.1), HistoryBuilder.Ordered)
            .Lease("a", 1).Request("a", 1.1, 1.5, status: 500).Complete("a", 1.05, 1.6, DeliveryStatus.Pending, dueAt: 2.6)
            .Succeed("a", from: 2.7);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 1.8);

        _history.AssertBroken(KeyOrder.Id, "was finished");
    }

    [Fact]
    public void Check_HeadIsExhausted_LetsTheNextPass()
    {
        _history.Deliver(Publish(begun: 0, ended: 0.1), HistoryBuilder.Ordered)
            .Lease("a", 1).Request("a", 1.1, 1.5, status: 500)
            .Complete("a", 1.05, 1.6, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 1.8);

        _history.AssertGood();
    }

    [Fact]
    public void Check_ConcurrentTransactions_PromiseNoOrder()
    {
        Deliver(Publish(begun: 0, ended: 0.5), from: 2);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 1);

        _history.AssertGood();
    }

    [Fact]
    public void Check_UnknownOutcome_PromisesNothingToThoseBehind()
    {
        Deliver(_history.Publish(PublicationEnd.Unknown, true, HistoryBuilder.Ordered.EventType, "key", begun: 0), from: 2);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 1);

        _history.AssertGood();
    }

    [Fact]
    public void Check_OtherKey_Passes()
    {
        Deliver(Publish(begun: 0, ended: 0.1), from: 2);
        Deliver(Publish(begun: 0.2, ended: 0.3, key: "other"), from: 1);

        _history.AssertGood();
    }

    [Fact]
    public void Check_DuplicateOfTheFirstAfterTheSecond_Passes()
    {
        _history.Deliver(Publish(begun: 0, ended: 0.1), HistoryBuilder.Ordered)
            .Lease("a", 1).Request("a", 1.1, 1.4)
            .Lease("b", 4.5).Request("b", 4.6, 5).Complete("b", 4.55, 5.1)
            .Request("a", 7, 7.2);
        Deliver(Publish(begun: 0.2, ended: 0.3), from: 6);

        Assert.Equal(0, _history.Judge().OrderViolations);
    }

    private Guid Publish(double begun, double ended, string key = "key") => _history.Publish(
        PublicationEnd.Committed, eventType: HistoryBuilder.Ordered.EventType, orderingKey: key, begun: begun, ended: ended);

    private void Deliver(Guid message, double from) => _history.Deliver(message, HistoryBuilder.Ordered).Succeed("a", from);
}
