using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class NoPhantomTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_RolledBack_Passes()
    {
        _history.Publish(PublicationEnd.RolledBack);

        _history.AssertGood();
        Assert.Equal(1, _history.Judge().RolledBack);
    }

    [Fact]
    public void Check_RolledBackButThere_IsAViolation()
    {
        _history.Deliver(_history.Publish(PublicationEnd.RolledBack, commits: true)).Succeed();

        _history.AssertBroken(NoPhantom.Id, "although its publisher rolled back");
        Assert.Equal(1, _history.Judge().Phantom);
    }

    [Fact]
    public void Check_MessageWithoutItsOrder_IsAViolation()
    {
        _history.AddMessage(_history.Publish(PublicationEnd.RolledBack));

        _history.AssertBroken(NoPhantom.Id, "although its order did not commit");
    }

    [Fact]
    public void Check_RolledBackButDelivered_IsAViolation()
    {
        _history.Deliver(_history.Publish(PublicationEnd.RolledBack)).Succeed();

        _history.AssertBroken(NoPhantom.Id, "whose order did not commit");
    }

    [Fact]
    public void Check_RequestForNoDelivery_IsAViolation()
    {
        var message = _history.Publish();
        _history.Deliver(message).Succeed();
        new DeliveryBuilder(_history, message, HistoryBuilder.Ordered).Request("a", 1, 2);

        _history.AssertBroken(NoPhantom.Id, "for which there is no delivery");
    }
}
