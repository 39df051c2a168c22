using WebhookKit.Deliveries;
using WebhookKit.Dispatch;
using WebhookKit.Identifiers;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class DispatchSlotsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly DispatchSlots _slots;

    public DispatchSlotsTests() => _slots = new DispatchSlots(max: 100, maxPerEndpoint: 16, _clock);

    [Fact]
    public void GetBudget_KnownEndpoint_KeepsAQuarterForFirstAttempts()
    {
        var id = KnownEndpoint();

        Assert.Equal(new LeaseBudget(id, 16, 12), Budget(id));
    }

    [Fact]
    public void GetBudget_NewEndpoint_BeginsWithAQuarterOfItsSlots()
    {
        var id = _ids.NewEndpointId();

        Assert.Equal(new LeaseBudget(id, 4, 3), Budget(id));
    }

    [Fact]
    public void GetBudget_RetriesInFlight_LeavesFirstAttemptsTheirQuarter()
    {
        var id = KnownEndpoint();
        Take(id, 12, attempts: 1);

        Assert.Equal(new LeaseBudget(id, 4, 0), Budget(id));
        Assert.Equal(100 - 12, _slots.Free.All);
    }

    [Fact]
    public void GetBudget_FirstAttemptsInFlight_LimitsRetriesToFreeSlots()
    {
        var id = KnownEndpoint();
        Take(id, 10);

        Assert.Equal(new LeaseBudget(id, 6, 6), Budget(id));
    }

    [Fact]
    public void GetBudget_OneSlotPerEndpoint_StillLetsRetriesThrough()
    {
        var id = _ids.NewEndpointId();

        Assert.Equal(new LeaseBudget(id, 1, 1), new FreeSlots(new DispatchSlots(10, 1, _clock)).GetBudget(id));
    }

    [Fact]
    public void GetBudget_FailuresThenSuccesses_ShrinkAndGrowOneByOne()
    {
        var id = KnownEndpoint();

        var shrinking = Enumerable.Range(0, 4).Select(_ => SlotsAfter(id, AttemptOutcome.ConnectFailed)).ToArray();
        var growing = Enumerable.Range(0, 16).Select(_ => SlotsAfter(id, AttemptOutcome.Succeeded)).ToArray();

        Assert.Equal([8, 4, 2, 2], shrinking);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16], growing);
    }

    [Theory]
    [InlineData(AttemptOutcome.Throttled, 2)]
    [InlineData(AttemptOutcome.DeadlineExceeded, 8)]
    [InlineData(AttemptOutcome.ReceiverError, 8)]
    [InlineData(AttemptOutcome.Refused, 16)]
    [InlineData(AttemptOutcome.SenderError, 16)]
    [InlineData(AttemptOutcome.SigningFailed, 16)]
    [InlineData(AttemptOutcome.RenderingFailed, 16)]
    public void GetBudget_OneFailure_ShrinksByWhatItSaysAboutTheEndpoint(AttemptOutcome outcome, int slots)
    {
        Assert.Equal(slots, SlotsAfter(KnownEndpoint(), outcome));
    }

    [Fact]
    public void Free_NewEndpointsThatHang_HoldAtMostHalf()
    {
        KnownEndpoint();
        var hanging = Enumerable.Range(0, 100).Select(_ => _ids.NewEndpointId()).ToArray();

        foreach (var id in hanging)
        {
            Take(id, Budget(id).Deliveries);
        }

        Assert.Equal(new SlotCounts(50, 0, 25), _slots.Free);
        var known = KnownEndpoint();
        Assert.Equal(16, Budget(known).Deliveries);
    }

    [Fact]
    public void Free_ManySlowEndpoints_LeaveRoomForMoreByTakingFewEach()
    {
        var taken = new List<int>();
        while (_slots.Free.Slow > 0)
        {
            var id = _ids.NewEndpointId();
            taken.Add(Budget(id).Deliveries);
            Take(id, taken[^1]);
        }

        Assert.Equal([4, 4, 4, 4, 4, 4, 4, 2], taken[..8]);
        Assert.Equal(7 + 11, taken.Count);
    }

    [Fact]
    public void Free_EndpointsKnownToHang_LeaveAQuarterToThoseThatAreOnlySlow()
    {
        for (var i = 0; i < 100; i++)
        {
            var id = _ids.NewEndpointId();
            Record(id, AttemptOutcome.DeadlineExceeded, 15_000);
            Take(id, Budget(id).Deliveries);
        }

        Assert.Equal(new SlotCounts(75, 25, 0), _slots.Free);
        Assert.Equal(2, Budget(_ids.NewEndpointId()).Deliveries);
    }

    [Fact]
    public void GetPace_KnownEndpointBeginsToHang_IsSeenBeforeAnyAttemptEnds()
    {
        var id = KnownEndpoint();
        Take(id, 16);
        Assert.Equal(EndpointPace.Quick, _slots.GetPace(id));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new SlotCounts(100 - 16, 50 - 16, 25 - 16), _slots.Free);
        Assert.Equal(EndpointPace.Hanging, _slots.GetPace(id));
    }

    [Fact]
    public void GetPace_EveryEndpointTakesAsLong_NoneIsSlow()
    {
        var ids = Enumerable.Range(0, 20).Select(i => KnownEndpoint(milliseconds: 3_000 + 10 * i)).ToArray();

        Assert.All(ids, id => Assert.Equal(EndpointPace.Quick, _slots.GetPace(id)));
    }

    [Fact]
    public void GetPace_OneTakesLongerThanTheMedian_IsSlowUntilItIsQuickAgain()
    {
        for (var i = 0; i < 20; i++)
        {
            KnownEndpoint(milliseconds: 200);
        }

        var slow = KnownEndpoint(milliseconds: 3_000);
        Assert.Equal(EndpointPace.Slow, _slots.GetPace(slow));

        Record(slow, AttemptOutcome.Succeeded, 200, times: 20);
        Assert.Equal(EndpointPace.Quick, _slots.GetPace(slow));
    }

    [Fact]
    public void GetPace_MostEndpointsRunOutOfTime_TheyDoNotMakeItTypical()
    {
        var quick = KnownEndpoint(milliseconds: 50);
        var hanging = Enumerable.Range(0, 100).Select(_ => _ids.NewEndpointId()).ToArray();
        foreach (var id in hanging)
        {
            Record(id, AttemptOutcome.DeadlineExceeded, 15_000);
        }

        Assert.Equal(EndpointPace.Quick, _slots.GetPace(quick));
        Assert.All(hanging, id => Assert.Equal(EndpointPace.Hanging, _slots.GetPace(id)));
    }

    [Fact]
    public async Task GiveBack_Everything_FreesEveryCountAndSignalsEmptiness()
    {
        var id = KnownEndpoint();
        var deliveries = Enumerable.Range(0, 16).Select(i => Delivery(id, attempts: i % 2)).ToList();
        deliveries.ForEach(delivery => _slots.Take(delivery, Lease()));
        var emptied = _slots.WhenEmptyAsync();
        Assert.False(emptied.IsCompleted);

        deliveries.ForEach(delivery => _slots.GiveBack(delivery, Lease()));

        await emptied.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(new SlotCounts(100, 50, 25), _slots.Free);
        Assert.Equal(new LeaseBudget(id, 16, 12), Budget(id));
    }

    [Fact]
    public void GiveBack_RetryThatOthersWaitedFor_SaysSoOnce()
    {
        var id = KnownEndpoint();
        var retries = Enumerable.Range(0, 12).Select(_ => Delivery(id, attempts: 1)).ToList();
        retries.ForEach(retry => _slots.Take(retry, Lease()));
        Assert.Equal(0, Budget(id).Retries);

        Assert.Equal(SlotWaiters.Retries, _slots.GiveBack(retries[0], Lease()));
        Assert.Equal(SlotWaiters.None, _slots.GiveBack(retries[1], Lease()));
    }

    [Fact]
    public void GiveBack_SlotsNoLongerScarce_SaysSoOnce()
    {
        var taken = new Queue<LeasedDelivery>();
        for (var i = 0; i < 80; i++)
        {
            taken.Enqueue(Delivery(_ids.NewEndpointId(), attempts: 0));
            _slots.Take(taken.Last(), Lease());
        }

        Assert.True(_slots.AreScarce);
        var waiters = Enumerable.Range(0, 6).Select(_ => _slots.GiveBack(taken.Dequeue(), Lease())).ToArray();

        Assert.Equal([SlotWaiters.None, SlotWaiters.None, SlotWaiters.None, SlotWaiters.None, SlotWaiters.FanOut, SlotWaiters.None], waiters);
        Assert.False(_slots.AreScarce);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(12, true)]
    [InlineData(13, false)]
    [InlineData(16, false)]
    public void IsWorthLeasing_OnceAQuarterIsFree(int inFlight, bool worth)
    {
        var id = KnownEndpoint();
        Take(id, inFlight);

        Assert.Equal(worth, _slots.IsWorthLeasing(id));
    }

    [Fact]
    public void Promise_WithinOneStep_IsNotGivenTwice()
    {
        var id = KnownEndpoint();
        var free = new FreeSlots(_slots, most: 20);

        free.Promise(id, 10);
        Assert.Equal(6, free.GetBudget(id).Deliveries);
        Assert.Equal(10, free.GetBudget(KnownEndpoint()).Deliveries);

        free.Promise(id, 6);
        free.Promise(_ids.NewEndpointId(), 4);
        Assert.False(free.Any);
    }

    private LeaseBudget Budget(EndpointId id) => new FreeSlots(_slots).GetBudget(id);

    private int SlotsAfter(EndpointId id, AttemptOutcome outcome)
    {
        Record(id, outcome, milliseconds: 10);
        return Budget(id).Deliveries;
    }

    private EndpointId KnownEndpoint(int milliseconds = 10)
    {
        var id = _ids.NewEndpointId();
        Record(id, AttemptOutcome.Succeeded, milliseconds, times: 12);
        return id;
    }

    private void Record(EndpointId id, AttemptOutcome outcome, int milliseconds, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _slots.Record(id, new Attempt
            {
                Id = _ids.NewAttemptId(),
                StartedAt = _clock.GetUtcNow(),
                Duration = TimeSpan.FromMilliseconds(milliseconds),
                Outcome = outcome,
            });
        }
    }

    private void Take(EndpointId id, int count, int attempts = 0)
    {
        for (var i = 0; i < count; i++)
        {
            _slots.Take(Delivery(id, attempts), Lease());
        }
    }

    private LeaseClock Lease() => new(_ids.NewLeaseId(), TimeSpan.FromSeconds(30), _clock.GetTimestamp());

    private LeasedDelivery Delivery(EndpointId id, int attempts) =>
        new(_ids.NewDeliveryId(), _ids.NewMessageId(), id, _ids.NewLeaseId(), attempts, Leases: 1);
}
