using WebhookKit.Chaos.Database;
using WebhookKit.Chaos.History;
using WebhookKit.Chaos.Nodes;
using WebhookKit.Chaos.Receiving;

namespace WebhookKit.Chaos.Faults;

/// <summary>Does to nodes and database what the plan says, and writes down what was leased at that moment.</summary>
internal sealed class FaultRunner(
    Cluster cluster,
    ChaosDatabase database,
    PostgresServer server,
    ChaosReceiver receiver,
    ChaosOptions options,
    TimeProvider timeProvider,
    TextWriter log)
{
    private const int TakenOver = 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PointPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    // So that a stall which holds others up is seen to do so.
    private static readonly TimeSpan LongerThanAllowed = TimeSpan.FromSeconds(1);

    private readonly List<Disruption> _disruptions = [];

    public IReadOnlyList<Disruption> Disruptions => _disruptions;

    /// <summary>Does one round, once the node it strikes is busy.</summary>
    public async Task RunAsync(Round round)
    {
        var node = await cluster.GetAsync(round.Node);
        await UntilAsync(() => Task.FromResult(receiver.InFlightOf(node.Name) >= options.MinInFlight), WarmUp);
        log.WriteLine($"{timeProvider.GetUtcNow():HH:mm:ss} {FaultNames.NameOf(round.Fault)} with {receiver.InFlightOf(node.Name)} requests of {node.Name} in flight");
        var snapshot = round.HoldsSnapshot ? await database.HoldSnapshotAsync() : null;
        try
        {
            await (round.Fault == Fault.DatabaseCrash ? CrashDatabaseAsync(round)
                : FaultNames.IsStall(round.Fault) ? StallAsync(node, round)
                : KillAsync(node, round));
        }
        finally
        {
            await (snapshot?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task KillAsync(NodeProcess node, Round round)
    {
        var isReached = await ReachAsync(node, round.Fault);
        await Task.Delay(round.Pause, timeProvider);
        await node.KillAsync();
        var killedAt = timeProvider.GetUtcNow();
        _disruptions.Add(new Disruption(
            isReached ? round.Fault : Fault.Random, node.Name, killedAt, killedAt, await database.ReadLeasedAsync()));
        await database.DisarmAsync(node.Name);
        await cluster.StartAsync(round.Node);
    }

    private async Task StallAsync(NodeProcess node, Round round)
    {
        await ReachAsync(node, round.Fault);
        await Task.Delay(round.Pause, timeProvider);
        await node.StallAsync();
        var stalledAt = timeProvider.GetUtcNow();
        var leased = await database.ReadLeasedAsync();
        var unsent = await database.ReadUnsentAsync();
        await Task.Delay(options.LeaseDuration, timeProvider);
        await UntilAsync(
            () => round.Fault == Fault.StallMidFanOut ? AreFannedOutAsync(unsent) : AreTakenOverAsync(leased),
            options.PollInterval + options.WorkAllowance + LongerThanAllowed);
        await node.ContinueAsync();
        node.Say(NodeWords.GoOn);
        _disruptions.Add(new Disruption(round.Fault, node.Name, stalledAt, stalledAt, leased));
        await database.DisarmAsync(node.Name);
    }

    // Others work on what it had: only then does its late completion meet a lease that stands.
    private async Task<bool> AreTakenOverAsync(IReadOnlyList<LeasedRow> leased)
    {
        var before = leased.ToDictionary(row => row.DeliveryId, row => row.LeaseId);
        var takenOver = (await database.ReadLeasedAsync())
            .Count(row => before.TryGetValue(row.DeliveryId, out var lease) && lease != row.LeaseId);
        return takenOver >= Math.Min(TakenOver, leased.Count);
    }

    private async Task<bool> AreFannedOutAsync(IReadOnlySet<Guid> unsent) => !unsent.Overlaps(await database.ReadUnsentAsync());

    /// <returns>Whether the node is where it is to be struck; one that does not get there is struck all the same.</returns>
    private async Task<bool> ReachAsync(NodeProcess node, Fault fault)
    {
        switch (fault)
        {
            case Fault.AfterLease or Fault.AfterAnswer or Fault.StallAfterAnswer:
                node.Say(FaultNames.PointOf(fault));
                return await node.HearsAsync(NodeWords.Reached, PointPatience);
            case Fault.MidCompletion or Fault.MidFanOut or Fault.StallMidFanOut:
                await database.ArmAsync(fault, node.Name);
                return await UntilAsync(() => database.IsStandingStillAsync(node.Name), PointPatience);
            default:
                return true;
        }
    }

    private async Task CrashDatabaseAsync(Round round)
    {
        await Task.Delay(round.Pause, timeProvider);
        var before = await database.ReadLeasedAsync();
        var crashedAt = timeProvider.GetUtcNow();
        await server.CrashAsync();
        var recoveredAt = timeProvider.GetUtcNow();
        var after = await database.ReadLeasedAsync();
        _disruptions.Add(new Disruption(Fault.DatabaseCrash, null, crashedAt, recoveredAt, [.. before.Union(after)]));
    }

    private async Task<bool> UntilAsync(Func<Task<bool>> isSo, TimeSpan patience)
    {
        var begun = timeProvider.GetTimestamp();
        while (!await isSo())
        {
            if (timeProvider.GetElapsedTime(begun) > patience)
            {
                return false;
            }

            await Task.Delay(Look, timeProvider);
        }

        return true;
    }
}
