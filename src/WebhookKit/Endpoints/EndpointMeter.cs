using WebhookKit.Deliveries;

namespace WebhookKit.Endpoints;

/// <summary>
/// Says how much of an endpoint may be leased where its rate or its circuit bounds it. Pure: a store reads the state,
/// asks this, leases, and charges what it leased, without others in between.
/// </summary>
/// <remarks>
/// Requests get slots one after the other, none before its time and none saved up: whatever has been waiting, an endpoint
/// never gets more than its rate.
/// </remarks>
public static class EndpointMeter
{
    /// <summary>Says whether anything bounds what may be leased beside the budget.</summary>
    public static bool IsMetered(EndpointState state, EndpointRate? rate)
    {
        ArgumentNullException.ThrowIfNull(state);
        return rate is not null || state.Circuit != EndpointCircuit.Closed;
    }

    /// <summary>Says how many deliveries a lease may take, and when their requests may begin.</summary>
    /// <param name="state">The endpoint's health.</param>
    /// <param name="rate">Its rate, or <see langword="null"/>.</param>
    /// <param name="asked">The budget.</param>
    /// <param name="now">By the store's clock.</param>
    /// <param name="leaseDuration">How long the lease lasts; slots reach a tenth of it ahead, at most a second.</param>
    public static LeaseGrant Grant(EndpointState state, EndpointRate? rate, int asked, DateTimeOffset now, TimeSpan leaseDuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (asked <= 0 || state.SlowedDownUntil > now)
        {
            return default;
        }

        var isProbe = state.Circuit is EndpointCircuit.Open or EndpointCircuit.HalfOpen;
        var interval = Longer(rate?.Interval ?? TimeSpan.Zero, RampInterval(state, now));
        var most = isProbe ? 1 : asked;
        if (interval == TimeSpan.Zero)
        {
            return new LeaseGrant(most, null, TimeSpan.Zero, isProbe);
        }

        var wait = state.NextSlotAt > now ? state.NextSlotAt.Value - now : TimeSpan.Zero;

        // No lease takes slots that far ahead: what is left is of a lower rate, or of a clock that has been set back.
        if (wait > EndpointHealthDefaults.Horizon + Longer(interval, EndpointHealthDefaults.FirstRampInterval))
        {
            wait = TimeSpan.Zero;
        }

        var ahead = Shorter(EndpointHealthDefaults.Horizon, leaseDuration / 10) - wait;
        return ahead < TimeSpan.Zero
            ? default
            : new LeaseGrant((int)Math.Min(most, 1 + ahead.Ticks / interval.Ticks), wait, interval, isProbe);
    }

    /// <summary>Returns the state once some of what was granted is leased.</summary>
    /// <param name="state">The state that <see cref="Grant"/> was given.</param>
    /// <param name="grant">Its answer.</param>
    /// <param name="taken">How many deliveries were leased, at least one.</param>
    /// <param name="now">By the store's clock, as given to <see cref="Grant"/>.</param>
    /// <param name="leaseDuration">How long the lease lasts: until then a probe keeps all others away.</param>
    public static EndpointState Charge(EndpointState state, LeaseGrant grant, int taken, DateTimeOffset now, TimeSpan leaseDuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (grant.FirstIn is { } firstIn)
        {
            state = state with { NextSlotAt = now + firstIn + taken * grant.Interval };
        }

        return grant.IsProbe
            ? state with { Circuit = EndpointCircuit.HalfOpen, CircuitChangedAt = now, SlowedDownUntil = now + leaseDuration }
            : state;
    }

    private static TimeSpan RampInterval(EndpointState state, DateTimeOffset now)
    {
        if (state.Circuit != EndpointCircuit.Recovering || state.CircuitChangedAt is not { } since)
        {
            return TimeSpan.Zero;
        }

        var elapsed = now - since;
        return elapsed >= EndpointHealthDefaults.Ramp
            ? TimeSpan.Zero
            : EndpointHealthDefaults.FirstRampInterval / (1 << (int)Math.Max(elapsed / EndpointHealthDefaults.RampStep, 0));
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
