using WebhookKit.Deliveries;
using WebhookKit.Dispatch;
using WebhookKit.Identifiers;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class DispatchSlotsTests
{
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly DispatchSlots _slots = new(max: 100, maxPerEndpoint: 16);

    [Fact]
    public void GetBudget_NothingInFlight_KeepsAQuarterForFirstAttempts()
    {
        var id = _ids.NewEndpointId();

        Assert.Equal(new LeaseBudget(id, 16, 12), _slots.GetBudget(id));
    }

    [Fact]
    public void GetBudget_RetriesInFlight_LeavesFirstAttemptsTheirQuarter()
    {
        var id = _ids.NewEndpointId();
        for (var i = 0; i < 12; i++)
        {
            _slots.Take(Delivery(id, attempts: 1));
        }

        Assert.Equal(new LeaseBudget(id, 4, 0), _slots.GetBudget(id));
        Assert.Equal(100 - 12, _slots.Free);
    }

    [Fact]
    public void GetBudget_FirstAttemptsInFlight_LimitsRetriesToFreeSlots()
    {
        var id = _ids.NewEndpointId();
        for (var i = 0; i < 10; i++)
        {
            _slots.Take(Delivery(id, attempts: 0));
        }

        Assert.Equal(new LeaseBudget(id, 6, 6), _slots.GetBudget(id));
    }

    [Fact]
    public void GetBudget_OneSlotPerEndpoint_StillLetsRetriesThrough()
    {
        var id = _ids.NewEndpointId();

        Assert.Equal(new LeaseBudget(id, 1, 1), new DispatchSlots(10, 1).GetBudget(id));
    }

    [Fact]
    public async Task GiveBack_Everything_FreesEveryCountAndSignalsEmptiness()
    {
        var id = _ids.NewEndpointId();
        var deliveries = Enumerable.Range(0, 16).Select(i => Delivery(id, attempts: i % 2)).ToList();
        deliveries.ForEach(_slots.Take);
        var emptied = _slots.WhenEmptyAsync();
        Assert.False(emptied.IsCompleted);

        deliveries.ForEach(delivery => _slots.GiveBack(delivery));

        await emptied.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(100, _slots.Free);
        Assert.Equal(new LeaseBudget(id, 16, 12), _slots.GetBudget(id));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(12, true)]
    [InlineData(13, false)]
    [InlineData(16, false)]
    public void IsWorthLeasing_OnceAQuarterIsFree(int inFlight, bool worth)
    {
        var id = _ids.NewEndpointId();
        for (var i = 0; i < inFlight; i++)
        {
            _slots.Take(Delivery(id, attempts: 0));
        }

        Assert.Equal(worth, _slots.IsWorthLeasing(id));
    }

    private LeasedDelivery Delivery(EndpointId id, int attempts) =>
        new(_ids.NewDeliveryId(), _ids.NewMessageId(), id, _ids.NewLeaseId(), attempts, Leases: 1);
}
