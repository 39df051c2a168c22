using WebhookKit.Endpoints;

namespace WebhookKit.Tests.Endpoints;

public sealed class EndpointHealthRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly EndpointState Fresh = new() { EndpointId = EndpointId.Declared(null, "one") };

    [Theory]
    [InlineData(0, 30)]
    [InlineData(10, 30)]
    [InlineData(45, 45)]
    [InlineData(200, 200)]
    [InlineData(100_000, 300)]
    public void Apply_ProbeFails_WaitsAsLongAsItHasBeenFailing(int failingSeconds, int pauseSeconds)
    {
        var state = Fresh with
        {
            Circuit = EndpointCircuit.HalfOpen,
            ConsecutiveFailures = 10,
            FailingSince = Start - TimeSpan.FromSeconds(failingSeconds),
            SlowedDownUntil = Start + TimeSpan.FromHours(1),
        };

        var after = Apply(state, Failed(1)).State;

        Assert.Equal((EndpointCircuit.Open, Start + TimeSpan.FromSeconds(pauseSeconds)), (after.Circuit, after.SlowedDownUntil));
    }

    [Fact]
    public void Apply_ProbeIsThrottled_WaitsAtLeastAsLongAsWasAskedFor()
    {
        var after = Apply(Fresh with { Circuit = EndpointCircuit.HalfOpen }, Failed(1) with { SlowDownFor = TimeSpan.FromHours(2) }).State;

        Assert.Equal((EndpointCircuit.Open, Start + TimeSpan.FromHours(2)), (after.Circuit, after.SlowedDownUntil));
    }

    [Fact]
    public void Apply_RecoveringFailsAgain_OpensWithoutTellingAgain()
    {
        var state = Fresh with { Circuit = EndpointCircuit.Recovering, CircuitChangedAt = Start, IsFailing = true };

        var transition = Apply(state, Failed(10));

        Assert.Equal((EndpointCircuit.Open, EndpointHealthChange.None), (transition.State.Circuit, transition.Change));
    }

    [Fact]
    public void Apply_FewFailuresOverAnHour_CountAsFailingUntilASuccess()
    {
        var state = Fresh with { ConsecutiveFailures = 4, FailingSince = Start - TimeSpan.FromHours(1) };

        var failing = Apply(state, Failed(1));
        Assert.Equal((EndpointHealthChange.Failing, EndpointCircuit.Closed), (failing.Change, failing.State.Circuit));
        Assert.Equal(EndpointHealthChange.None, Apply(failing.State, Failed(1)).Change);
        Assert.Equal(EndpointHealthChange.Recovered, Apply(failing.State, Succeeded(1)).Change);
    }

    [Fact]
    public void Apply_GivenUp_TellsOnlyThatItIsDisabled()
    {
        var state = Fresh with { ConsecutiveFailures = 19, FailingSince = Start - TimeSpan.FromDays(5) };

        var transition = Apply(state, Failed(1));

        Assert.Equal((EndpointStatusReason.Failing, EndpointHealthChange.Disabled), (transition.DisableBecause, transition.Change));
        Assert.Null(EndpointHealthRules.Apply(state, EndpointStatus.Disabled, Failed(1), Start).DisableBecause);
    }

    [Fact]
    public void Apply_PolicyThatDisablesNone_DisablesNone()
    {
        var state = Fresh with { ConsecutiveFailures = 1_000, FailingSince = Start - TimeSpan.FromDays(500) };

        Assert.Null(Apply(state, Failed(1) with { Policy = new() { DisableAfter = TimeSpan.MaxValue } }).DisableBecause);
    }

    [Fact]
    public void Apply_FurtherSuccess_ChangesNothingWithinAMinute()
    {
        var state = Fresh with { LastSuccessAt = Start - TimeSpan.FromSeconds(59) };

        Assert.Equal(state, Apply(state, Succeeded(100)).State);
        Assert.Equal(Start + TimeSpan.FromSeconds(2), EndpointHealthRules.Apply(
            state, EndpointStatus.Enabled, Succeeded(1), Start + TimeSpan.FromSeconds(2)).State.LastSuccessAt);
    }

    private static EndpointTransition Apply(EndpointState state, EndpointHealth health) =>
        EndpointHealthRules.Apply(state, EndpointStatus.Enabled, health, Start);

    private static EndpointHealth Failed(int count) => new() { EndpointId = Fresh.EndpointId, Failures = count };

    private static EndpointHealth Succeeded(int count) => new() { EndpointId = Fresh.EndpointId, Successes = count };
}
