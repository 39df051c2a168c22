using WebhookKit.Chaos.Checking;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class AttemptOrderTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_ScheduleKept_Passes()
    {
        Fail(Fail(_history.Deliver(_history.Publish()), 1, dueAt: 2.6), 2.7, dueAt: 5.3).Succeed("a", from: 5.4);

        _history.AssertGood();
    }

    [Fact]
    public void Check_NumberTwice_IsAViolation()
    {
        Fail(_history.Deliver(_history.Publish()), 1, dueAt: 2.6)
            .Lease("a", 2.7).Request("a", 2.8, 3.3).Complete("a", 2.75, 3.4, number: 1);

        _history.AssertBroken(AttemptOrder.Id, "attempt 1 stands where 2 belongs");
    }

    [Fact]
    public void Check_MoreThanTheMost_IsAViolation()
    {
        Fail(Fail(Fail(_history.Deliver(_history.Publish()), 1, dueAt: 2.6), 2.7, dueAt: 5.3), 5.4, dueAt: 6)
            .Succeed("a", from: 9);

        _history.AssertBroken(AttemptOrder.Id, "attempt 4 was made, 3 are the most");
    }

    [Fact]
    public void Check_BegunBeforeTheSchedulesDelay_IsAViolation()
    {
        Fail(_history.Deliver(_history.Publish()), 1, dueAt: 1.9).Succeed("a", from: 2);

        _history.AssertBroken(AttemptOrder.Id, "too soon");
    }

    [Fact]
    public void Check_LeasedBeforeItIsDue_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Make("a", 0.5, dueAt: 2).Succeed("a", from: 1);

        _history.AssertBroken(AttemptOrder.Id, "before it was due");
    }

    private static DeliveryBuilder Fail(DeliveryBuilder delivery, double from, double dueAt) => delivery
        .Lease("a", from).Request("a", from + 0.1, from + 0.5, status: 500)
        .Complete("a", from + 0.05, from + 0.6, DeliveryStatus.Pending, dueAt: dueAt);
}
