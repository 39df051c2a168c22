using System.Text.Json.Serialization;

namespace WebhookKit.Chaos.Checking;

/// <summary>What a run has shown; written as one line of JSON.</summary>
internal sealed record Verdict
{
    public int Rounds { get; init; }

    /// <summary>Messages whose order committed.</summary>
    public int Published { get; init; }

    public int RolledBack { get; init; }

    /// <summary>Commits whose outcome the publisher never learned, and which the database has.</summary>
    public int UnknownCommitted { get; init; }

    /// <summary>Commits whose outcome the publisher never learned, and which the database has not.</summary>
    public int UnknownRolledBack { get; init; }

    public int Deliveries { get; init; }

    public int DeadLettered { get; init; }

    public int Requests { get; init; }

    /// <summary>For each kill, how many deliveries the killed node had leased.</summary>
    public IReadOnlyList<int> LeasedAtKill { get; init; } = [];

    public double LeasedAtKillMedian { get; init; }

    public IReadOnlyDictionary<string, int> KillsPerPoint { get; init; } = new Dictionary<string, int>();

    public int Stalls { get; init; }

    public int DatabaseCrashes { get; init; }

    public int Lost { get; init; }

    public int Phantom { get; init; }

    public int Duplicates { get; init; }

    public int DuplicatesAllowed { get; init; }

    /// <summary>Leases that ended without completion although no fault had struck their owner.</summary>
    public int UnexplainedExpiries { get; init; }

    /// <summary>The most requests of one delivery in flight at once under leases that stood.</summary>
    public int MaxOverlap { get; init; }

    /// <summary>Attempts recorded as late: their owners had lost the lease.</summary>
    public int FencedCompletions { get; init; }

    /// <summary>The longest time from a fault until everything it took from its owner was taken up again.</summary>
    public double RecoverySeconds { get; init; }

    public double RecoverySecondsMedian { get; init; }

    public int OrderViolations { get; init; }

    public int Seed { get; init; }

    /// <summary>How often each invariant was seen broken; none is named when none was.</summary>
    public IReadOnlyDictionary<string, int> Violations { get; init; } = new Dictionary<string, int>();

    /// <summary>What was seen, for a person to read.</summary>
    [JsonIgnore]
    public IReadOnlyList<Violation> Seen { get; init; } = [];

    [JsonIgnore]
    public bool IsGood => Violations.Count == 0;
}
