using WebhookKit.Deliveries;
using WebhookKit.Dispatch;
using WebhookKit.Identifiers;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class SuspectGateTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly SuspectGate _gate;

    public SuspectGateTests() => _gate = new SuspectGate(_time);

    [Fact]
    public void TurnAway_LeasedThreeTimesAtMost_LetsAllIn() => Assert.Empty(TurnAway(Leased(1), Leased(2), Leased(3), Leased(3)));

    [Fact]
    public void TurnAway_LeasedMoreOften_LetsOneIn()
    {
        LeasedDelivery[] leased = [Leased(1), Leased(4), Leased(5), Leased(4), Leased(2)];

        Assert.Equal([leased[2], leased[3]], TurnAway(leased));
    }

    [Fact]
    public void TurnAway_ToBeAbandoned_IsNotKeptWaiting() => Assert.Empty(TurnAway(Leased(6), Leased(6), Leased(4)));

    [Fact]
    public void TurnAway_OneIsInside_LetsNobodyInUntilItLeaves()
    {
        var inside = Leased(4);
        Assert.Empty(TurnAway(inside));
        var next = Leased(5);
        Assert.Equal([next], TurnAway(next));

        _gate.Leave(next);
        Assert.Equal([next], TurnAway(next));
        _gate.Leave(inside);

        Assert.Empty(TurnAway(next));
    }

    [Fact]
    public void TurnAway_LeaseOfTheOneInsideHasEnded_LetsTheNextIn()
    {
        Assert.Empty(TurnAway(Leased(4)));
        _time.Advance(Lease);

        Assert.Empty(TurnAway(Leased(4)));
    }

    private IReadOnlyList<LeasedDelivery> TurnAway(params LeasedDelivery[] leased) =>
        _gate.TurnAway(leased, new LeaseClock(_ids.NewLeaseId(), Lease, _time.GetTimestamp()));

    private LeasedDelivery Leased(int leases) => new(
        _ids.NewDeliveryId(), _ids.NewMessageId(), _ids.NewEndpointId(), _ids.NewLeaseId(), Attempts: 0, Leases: leases);
}
