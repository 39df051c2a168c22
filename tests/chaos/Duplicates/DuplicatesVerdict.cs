namespace WebhookKit.Chaos.Duplicates;

/// <summary>What came of a run.</summary>
internal sealed record DuplicatesVerdict
{
    public required string Store { get; init; }

    public required string HandOver { get; init; }

    public required int Requests { get; init; }

    /// <summary>How often a request was sent again because it was not answered 2xx.</summary>
    public required int Repeats { get; init; }

    public required int Kills { get; init; }

    public required IReadOnlyDictionary<string, int> KillsPerPoint { get; init; }

    /// <summary>Sources and numbers that were sent.</summary>
    public required int ClaimKeys { get; init; }

    public required int Effects { get; init; }

    /// <summary>Claim keys without an effect although every request of theirs was answered 2xx.</summary>
    public required int Lost { get; init; }

    /// <summary>Effects beyond the first of their claim key.</summary>
    public required int Doubled { get; init; }

    /// <summary>Effects of what nobody sent.</summary>
    public required int Phantom { get; init; }

    public required double Seconds { get; init; }

    public required int Seed { get; init; }

    public bool IsGood => Lost == 0 && Doubled == 0 && Phantom == 0;

    /// <summary>Counts the effects against what was sent.</summary>
    public DuplicatesVerdict Judge(IEnumerable<PlannedRequest> sent, IEnumerable<PlannedRequest> effects)
    {
        var wanted = sent.ToHashSet();
        var perKey = effects.CountBy(effect => effect).ToDictionary();
        return this with
        {
            ClaimKeys = wanted.Count,
            Effects = perKey.Values.Sum(),
            Lost = wanted.Count(key => !perKey.ContainsKey(key)),
            Doubled = perKey.Where(one => wanted.Contains(one.Key)).Sum(one => one.Value - 1),
            Phantom = perKey.Where(one => !wanted.Contains(one.Key)).Sum(one => one.Value),
        };
    }
}
