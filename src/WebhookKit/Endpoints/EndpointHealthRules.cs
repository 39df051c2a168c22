namespace WebhookKit.Endpoints;

/// <summary>What outcomes do to the health that all nodes share. Pure: a store reads the state, applies this, and writes it, without others in between.</summary>
public static class EndpointHealthRules
{
    /// <summary>Says whether the state has nothing that a success would change but the time of the last one.</summary>
    public static bool IsQuiet(EndpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state is
        {
            ConsecutiveFailures: 0, Circuit: EndpointCircuit.Closed, WindowStartedAt: null, IsFailing: false,
        };
    }

    /// <summary>Applies a batch of outcomes.</summary>
    /// <param name="before">The health as it is.</param>
    /// <param name="status">Whether the endpoint takes part in dispatch.</param>
    /// <param name="health">What the batch says.</param>
    /// <param name="now">By the store's clock.</param>
    public static EndpointTransition Apply(EndpointState before, EndpointStatus status, EndpointHealth health, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(health);
        var state = CountRow(before, health, now);
        state = state with { SlowedDownUntil = Later(before.SlowedDownUntil, now + health.SlowDownFor) };
        state = CountWindow(state, health, now);
        state = MoveCircuit(state, health, now);
        var opens = state.Circuit == EndpointCircuit.Open && before.Circuit != EndpointCircuit.Open;
        state = state with
        {
            IsFailing = (before.IsFailing || opens || FailsForLong(state, now))
                && !(health.Successes > 0 && state.Circuit == EndpointCircuit.Closed),
        };

        var disable = status == EndpointStatus.Disabled ? null
            : health.DisableBecause ?? (IsGivenUp(state, health.Policy, now) ? EndpointStatusReason.Failing : null);
        var change = disable is not null ? EndpointHealthChange.Disabled
            : state.IsFailing == before.IsFailing ? EndpointHealthChange.None
            : state.IsFailing ? EndpointHealthChange.Failing : EndpointHealthChange.Recovered;
        return new EndpointTransition(state, change, disable);
    }

    /// <summary>Gives an endpoint that a person enables again a fresh start: what it failed before no longer counts.</summary>
    public static EndpointState Reset(EndpointState before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new EndpointState { EndpointId = before.EndpointId, LastSuccessAt = before.LastSuccessAt, NextSlotAt = before.NextSlotAt };
    }

    private static EndpointState CountRow(EndpointState before, EndpointHealth health, DateTimeOffset now)
    {
        if (health.Successes > 0)
        {
            var isFresh = before.ConsecutiveFailures == 0 && before.LastSuccessAt >= now - EndpointHealthDefaults.SuccessGrain;
            return before with { ConsecutiveFailures = 0, FailingSince = null, LastSuccessAt = isFresh ? before.LastSuccessAt : now };
        }

        return health.Failures == 0 ? before : before with
        {
            ConsecutiveFailures = before.ConsecutiveFailures + health.Failures,
            FailingSince = before.FailingSince ?? now,
        };
    }

    // Successes of a healthy endpoint are not counted, for nothing is written for them: a window begins with a failure.
    private static EndpointState CountWindow(EndpointState state, EndpointHealth health, DateTimeOffset now)
    {
        var goesOn = state.WindowStartedAt is { } startedAt && now - startedAt < health.Policy.CircuitWindow;
        if (!goesOn && health.Failures == 0)
        {
            return WithoutWindow(state);
        }

        return state with
        {
            WindowStartedAt = goesOn ? state.WindowStartedAt : now,
            WindowAttempts = (goesOn ? state.WindowAttempts : 0) + health.Failures + health.Successes,
            WindowFailures = (goesOn ? state.WindowFailures : 0) + health.Failures,
        };
    }

    private static EndpointState MoveCircuit(EndpointState state, EndpointHealth health, DateTimeOffset now)
    {
        switch (state.Circuit)
        {
            // What comes now was sent before the circuit opened, and says nothing new.
            case EndpointCircuit.Open:
                return state;

            case EndpointCircuit.HalfOpen when health.Successes > 0:
                return WithoutWindow(state) with
                {
                    Circuit = EndpointCircuit.Recovering,
                    CircuitChangedAt = now,
                    SlowedDownUntil = now + health.SlowDownFor,
                };

            case EndpointCircuit.HalfOpen when health.Failures > 0:
                // Until now it was closed to others until the end of the probe's lease.
                return Open(state with { SlowedDownUntil = now + health.SlowDownFor }, health.Policy, now);

            case EndpointCircuit.HalfOpen:
                return state;

            default:
                return FailsTooOften(state, health.Policy) ? Open(state, health.Policy, now)
                    : state.Circuit == EndpointCircuit.Recovering && health.Successes > 0
                        && now - state.CircuitChangedAt >= EndpointHealthDefaults.Ramp
                        ? state with { Circuit = EndpointCircuit.Closed, CircuitChangedAt = now }
                    : state;
        }
    }

    private static EndpointState Open(EndpointState state, EndpointHealthPolicy policy, DateTimeOffset now)
    {
        // As long as it has been failing: so the pauses double by themselves.
        var pause = now - (state.FailingSince ?? now);
        pause = pause < EndpointHealthDefaults.LongestBreak ? pause : EndpointHealthDefaults.LongestBreak;
        pause = pause > policy.CircuitBreak ? pause : policy.CircuitBreak;
        return WithoutWindow(state) with
        {
            Circuit = EndpointCircuit.Open,
            CircuitChangedAt = now,
            SlowedDownUntil = Later(state.SlowedDownUntil, now + pause),
        };
    }

    private static bool FailsTooOften(EndpointState state, EndpointHealthPolicy policy) =>
        state.WindowAttempts >= policy.CircuitMinimumAttempts
        && state.WindowFailures >= policy.CircuitFailureRatio * state.WindowAttempts
        && state.WindowFailures > 0;

    private static bool FailsForLong(EndpointState state, DateTimeOffset now) =>
        state.ConsecutiveFailures >= EndpointHealthDefaults.FailingAttempts
        && now - state.FailingSince >= EndpointHealthDefaults.FailingAfter;

    private static bool IsGivenUp(EndpointState state, EndpointHealthPolicy policy, DateTimeOffset now) =>
        state.ConsecutiveFailures >= policy.DisableMinimumAttempts
        && now - state.FailingSince >= policy.DisableAfter;

    private static EndpointState WithoutWindow(EndpointState state) =>
        state with { WindowStartedAt = null, WindowAttempts = 0, WindowFailures = 0 };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        other is null || one > other ? one : other;
}
