using WebhookKit.Chaos.Faults;
using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.Checking;

/// <summary>Checks every invariant on a history, and counts what the result line tells.</summary>
internal static class Judge
{
    private static readonly IInvariant[] Invariants =
    [
        new NoLoss(), new NoPhantom(), new DuplicateBound(), new OwnSignature(),
        new AttemptOrder(), new Fencing(), new Recovery(), new KeyOrder(),
    ];

    public static Verdict Decide(RunHistory history)
    {
        var evidence = new Evidence(history);
        var violations = Invariants.SelectMany(invariant => invariant.Check(evidence)).ToArray();
        var kills = history.Disruptions.Where(disruption => FaultNames.IsKill(disruption.Fault)).ToArray();
        var leasedAtKill = kills.Select(kill => evidence.LeasedBy(kill).Count()).ToArray();
        var duplicates = DuplicateBound.Count(evidence);
        var recoveries = Recovery.Times(evidence).Select(found => found.Taken.TotalSeconds).ToArray();
        return new Verdict
        {
            Seen = violations,
            Violations = violations.CountBy(violation => violation.Invariant).ToDictionary(),
            Published = history.Orders.Count,
            RolledBack = history.Publications.Count(publication => publication.End == PublicationEnd.RolledBack),
            UnknownCommitted = CountUnknown(history, committed: true),
            UnknownRolledBack = CountUnknown(history, committed: false),
            Deliveries = history.Deliveries.Count,
            DeadLettered = history.Deliveries.Count(delivery => delivery.Status == DeliveryStatus.DeadLettered),
            Requests = history.Requests.Count,
            LeasedAtKill = leasedAtKill,
            LeasedAtKillMedian = Median(leasedAtKill.Select(count => (double)count)),
            KillsPerPoint = FaultNames.Kills.ToDictionary(FaultNames.NameOf, fault => kills.Count(kill => kill.Fault == fault)),
            Stalls = history.Disruptions.Count(disruption => FaultNames.IsStall(disruption.Fault)),
            DatabaseCrashes = history.Disruptions.Count(disruption => disruption.Fault == Fault.DatabaseCrash),
            Lost = Count(violations, NoLoss.Id),
            Phantom = Count(violations, NoPhantom.Id),
            Duplicates = duplicates.Duplicates,
            DuplicatesAllowed = duplicates.Allowed,
            UnexplainedExpiries = duplicates.Unexplained,
            MaxOverlap = evidence.Stories.Select(Overlap.Of).DefaultIfEmpty(0).Max(),
            FencedCompletions = history.Attempts.Count(attempt => attempt.IsLate),
            RecoverySeconds = Math.Round(recoveries.DefaultIfEmpty(0).Max(), 2),
            RecoverySecondsMedian = Math.Round(Median(recoveries), 2),
            OrderViolations = Count(violations, KeyOrder.Id),
        };
    }

    private static int CountUnknown(RunHistory history, bool committed) => history.Publications.Count(publication =>
        publication.End == PublicationEnd.Unknown && history.Orders.Contains(publication.MessageId) == committed);

    private static int Count(Violation[] violations, string invariant) => violations.Count(violation => violation.Invariant == invariant);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
