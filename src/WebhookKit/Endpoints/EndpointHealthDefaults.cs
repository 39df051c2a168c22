namespace WebhookKit.Endpoints;

/// <summary>The figures of endpoints' health that no policy changes.</summary>
public static class EndpointHealthDefaults
{
    /// <summary>A further success is not written while the last one is younger: of thousands of endpoints, few are then written to.</summary>
    public static readonly TimeSpan SuccessGrain = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that an open circuit waits before its next probe.</summary>
    public static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);

    /// <summary>How long an endpoint that recovers gets less than it would bear.</summary>
    public static readonly TimeSpan Ramp = TimeSpan.FromSeconds(30);

    /// <summary>How often the rate of an endpoint that recovers doubles.</summary>
    public static readonly TimeSpan RampStep = TimeSpan.FromSeconds(5);

    /// <summary>The time between two requests with which the recovery of an endpoint begins.</summary>
    public static readonly TimeSpan FirstRampInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>An endpoint with few messages counts as failing after so long without a success.</summary>
    public static readonly TimeSpan FailingAfter = TimeSpan.FromHours(1);

    /// <summary>An endpoint with few messages counts as failing after so many failed attempts in a row.</summary>
    public const int FailingAttempts = 5;

    /// <summary>How far ahead the requests of an endpoint with a rate are leased and spaced, at most.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromSeconds(1);
}
