using WebhookKit.Chaos.History;
using WebhookKit.Retry;

namespace WebhookKit.Chaos.Nodes;

/// <summary>What the parent tells a node, as the first line on its standard input.</summary>
internal sealed record NodeSettings
{
    /// <summary>Names this process: also the application name of its database connections.</summary>
    public required string Name { get; init; }

    /// <summary>Names its place, which the next process takes over after a kill.</summary>
    public required string Place { get; init; }

    public required string ConnectionString { get; init; }

    public required string ReceiverUrl { get; init; }

    public required string Secret { get; init; }

    public required string LedgerPath { get; init; }

    public required int Seed { get; init; }

    public required TimeSpan LeaseDuration { get; init; }

    public required TimeSpan PollInterval { get; init; }

    public required int MaxInFlightPerEndpoint { get; init; }

    public required IReadOnlyList<TimeSpan> RetryDelays { get; init; }

    public required IReadOnlyList<ChaosEndpoint> Endpoints { get; init; }

    /// <summary>Whether completions pass with whatever lease the database names, so that the checker has something to find.</summary>
    public bool IsFencingDisabled { get; init; }

    /// <summary>A text that ends this process when a payload holds it.</summary>
    public string? LethalText { get; init; }

    public RetrySchedule GetRetrySchedule() => new(RetryDelays);
}
