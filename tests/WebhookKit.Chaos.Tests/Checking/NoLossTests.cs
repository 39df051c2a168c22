using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class NoLossTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_Delivered_Passes()
    {
        _history.Deliver(_history.Publish()).Succeed();

        _history.AssertGood();
    }

    [Fact]
    public void Check_CommitSeenButOrderGone_IsAViolation()
    {
        _history.Publish(PublicationEnd.Committed, commits: false);

        _history.AssertBroken(NoLoss.Id, "the order is gone");
        Assert.Equal(1, _history.Judge().Lost);
    }

    [Fact]
    public void Check_OrderWithoutItsMessage_IsAViolation()
    {
        _history.Publish(hasMessage: false);

        _history.AssertBroken(NoLoss.Id, "committed without it");
    }

    [Fact]
    public void Check_UnknownOutcomeThatCommitted_MustBeDelivered()
    {
        _history.Publish(PublicationEnd.Unknown, commits: true);

        _history.AssertBroken(NoLoss.Id, "no delivery to plain was made");
        Assert.Equal(1, _history.Judge().UnknownCommitted);
    }

    [Fact]
    public void Check_UnknownOutcomeThatDidNotCommit_Passes()
    {
        _history.Publish(PublicationEnd.Unknown, commits: false);

        _history.AssertGood();
        Assert.Equal(1, _history.Judge().UnknownRolledBack);
    }

    [Fact]
    public void Check_SucceededButNeverAccepted_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, status: 500).Complete("a", 1.05, 1.7);

        _history.AssertBroken(NoLoss.Id, "the receiver never accepted it");
    }

    [Fact]
    public void Check_SucceededWithoutAnyRequest_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Complete("a", 1.05, 1.7);

        _history.AssertBroken(NoLoss.Id, "the receiver never accepted it");
    }

    [Theory]
    [InlineData(DeliveryStatus.DeadLettered)]
    [InlineData(DeliveryStatus.Skipped)]
    [InlineData(DeliveryStatus.Canceled)]
    public void Check_FinalWithoutReason_IsAViolation(DeliveryStatus status)
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, status: 500).Complete("a", 1.05, 1.7, status);

        _history.AssertBroken(NoLoss.Id, "without a reason");
    }

    [Fact]
    public void Check_DeadLetterWithReason_Passes()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, status: 500)
            .Complete("a", 1.05, 1.7, DeliveryStatus.DeadLettered, DeliveryStatusReason.Exhausted);

        _history.AssertGood();
    }

    [Fact]
    public void Check_DuplicateOfANamedMessage_Passes()
    {
        var first = _history.Publish(idempotencyKey: "k");
        _history.Deliver(first).Succeed();
        _history.Publish(idempotencyKey: "k", duplicateOf: first);

        _history.AssertGood();
    }

    [Fact]
    public void Check_DuplicateOfAMessageWithAnotherKey_IsAViolation()
    {
        var first = _history.Publish(idempotencyKey: "k");
        _history.Deliver(first).Succeed();
        _history.Publish(idempotencyKey: "other", duplicateOf: first);

        _history.AssertBroken(NoLoss.Id, "which it is not");
    }

    [Fact]
    public void Check_BothDuplicatesOfEachOther_IsAViolation()
    {
        var first = _history.NewId();
        var second = _history.Publish(idempotencyKey: "k", duplicateOf: first);
        _history.AddMessage(first, "k", duplicateOf: second);

        Assert.Contains(NoLoss.Id, _history.Judge().Violations.Keys);
    }
}
