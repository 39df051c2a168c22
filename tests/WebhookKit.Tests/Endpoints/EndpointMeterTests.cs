using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.Tests.Endpoints;

public sealed class EndpointMeterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private static readonly EndpointState Fresh = new() { EndpointId = EndpointId.Declared(null, "one") };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Grant_WhoeverAsksWheneverForWhatever_SpacesEverySlotAndReachesNotFarAhead(int seed)
    {
        var random = new Random(seed);
        var rate = EndpointRate.PerSecond(50);
        var (state, now, last) = (Fresh, Start, Start - rate.Interval);
        for (var lease = 0; lease < 2_000; lease++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(random.Next(10) == 0 ? 5_000 : 30));
            var asked = random.Next(20);
            var grant = EndpointMeter.Grant(state, rate, asked, now, LeaseDuration);
            Assert.InRange(grant.Deliveries, 0, asked);
            var taken = random.Next(grant.Deliveries + 1);
            for (var index = 0; index < taken; index++)
            {
                var slot = now + grant.StartsIn(index)!.Value;
                Assert.True(slot >= last + rate.Interval);
                Assert.InRange(slot, now, now + EndpointHealthDefaults.Horizon);
                last = slot;
            }

            state = taken > 0 ? EndpointMeter.Charge(state, grant, taken, now, LeaseDuration) : state;
        }
    }

    [Theory]
    [InlineData(1, 2_000)]
    [InlineData(50, 1_500)]
    public void Grant_SlotFurtherAheadThanItsRateEverReaches_IsForgotten(int perSecond, int furthest)
    {
        var rate = EndpointRate.PerSecond(perSecond);
        var latest = Start + TimeSpan.FromMilliseconds(furthest);

        var own = EndpointMeter.Grant(Fresh with { NextSlotAt = latest }, rate, 1, Start, LeaseDuration);
        var foreign = EndpointMeter.Grant(Fresh with { NextSlotAt = latest + TimeSpan.FromTicks(1) }, rate, 1, Start, LeaseDuration);

        Assert.Equal(default, own);
        Assert.Equal(new LeaseGrant(1, TimeSpan.Zero, rate.Interval, false), foreign);
    }

    [Fact]
    public void Grant_AskedOftenEnough_UsesEverySlot()
    {
        var rate = EndpointRate.PerSecond(50);
        var (state, slots) = (Fresh, 0);
        for (var now = Start; now < Start + TimeSpan.FromSeconds(20); now += TimeSpan.FromMilliseconds(200))
        {
            var grant = EndpointMeter.Grant(state, rate, 16, now, LeaseDuration);
            slots += grant.Deliveries;
            state = grant.Deliveries > 0 ? EndpointMeter.Charge(state, grant, grant.Deliveries, now, LeaseDuration) : state;
        }

        Assert.InRange(slots, 1_000, 1_051);
    }

    [Fact]
    public void Grant_Recovering_DoublesEveryFiveSeconds()
    {
        var state = Fresh with { Circuit = EndpointCircuit.Recovering, CircuitChangedAt = Start };

        var intervals = Enumerable.Range(0, 7).Select(step =>
            EndpointMeter.Grant(state, null, 100, Start + (step * TimeSpan.FromSeconds(5)), LeaseDuration).Interval.TotalMilliseconds);

        Assert.Equal([500, 250, 125, 62.5, 31.25, 15.625, 0], intervals);
    }

    [Fact]
    public void Grant_RecoveringWithARate_NeverExceedsTheRate()
    {
        var state = Fresh with { Circuit = EndpointCircuit.Recovering, CircuitChangedAt = Start };

        Assert.Equal(TimeSpan.FromSeconds(6), EndpointMeter.Grant(state, EndpointRate.PerMinute(10), 100, Start, LeaseDuration).Interval);
    }

    [Theory]
    [InlineData(EndpointCircuit.Open)]
    [InlineData(EndpointCircuit.HalfOpen)]
    public void Charge_Probe_KeepsOthersAwayUntilItsLeaseEnds(EndpointCircuit circuit)
    {
        var state = Fresh with { Circuit = circuit, SlowedDownUntil = Start };
        Assert.Equal(0, EndpointMeter.Grant(state, null, 100, Start - TimeSpan.FromTicks(1), LeaseDuration).Deliveries);

        var grant = EndpointMeter.Grant(state, null, 100, Start, LeaseDuration);
        var charged = EndpointMeter.Charge(state, grant, 1, Start, LeaseDuration);

        Assert.Equal((1, true, (TimeSpan?)null), (grant.Deliveries, grant.IsProbe, grant.StartsIn(0)));
        Assert.Equal((EndpointCircuit.HalfOpen, Start + LeaseDuration), (charged.Circuit, charged.SlowedDownUntil));
        Assert.Equal(0, EndpointMeter.Grant(charged, null, 100, Start + TimeSpan.FromSeconds(29), LeaseDuration).Deliveries);
    }
}
