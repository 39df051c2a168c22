using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.Database;
using WebhookKit.Chaos.Faults;
using WebhookKit.Chaos.History;
using WebhookKit.Chaos.Nodes;
using WebhookKit.Chaos.Publishing;
using WebhookKit.Chaos.Receiving;
using WebhookKit.Retry;

namespace WebhookKit.Chaos;

/// <summary>One run: sets everything up, does the faults, lets the backlog drain, and has the history judged.</summary>
internal sealed class ChaosRun(ChaosOptions options, string folder, TimeProvider timeProvider, TextWriter log)
{
    private const int PlainEndpoints = 8;
    private const int MaxInFlightPerEndpoint = 24;

    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan[] RetryDelays =
        [TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(0.8)];

    private readonly RunSettings _settings = new()
    {
        Endpoints =
        [
            .. Enumerable.Range(1, PlainEndpoints).Select(number => new ChaosEndpoint($"plain-{number}", OrderPaid.EventType, false)),
            new ChaosEndpoint("ordered", OrderMoved.EventType, true),
        ],
        RetrySchedule = new RetrySchedule(RetryDelays),
        LeaseDuration = options.LeaseDuration,
        PollInterval = options.PollInterval,
        WorkAllowance = options.WorkAllowance,
    };

    public async Task<Verdict> RunAsync()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = await ChaosDatabase.CreateAsync(server.ConnectionString);
        var secret = WebhookSecret.Generate().Reveal();
        var script = new AnswerScript(options.Seed, options.LeaseDuration / 4.5);
        await using var receiver = await ChaosReceiver.StartAsync(_settings.Endpoints, secret, script, timeProvider);
        await using var cluster = new Cluster(NodeTemplate(database, receiver, secret), options.Nodes, folder);
        await cluster.StartAsync();

        var plan = MakePlan(server);
        var faults = new FaultRunner(cluster, database, server, receiver, options, timeProvider, log);
        await RunFaultsAsync(plan, faults, cluster, database);
        await DrainAsync(database);
        await cluster.StopAsync();

        log.WriteLine("judging");
        var history = await new RunHistory
        {
            Settings = _settings,
            Publications = Ledger.Read(cluster.Ledgers),
            Requests = receiver.Requests,
            Disruptions = faults.Disruptions,
            Deaths = cluster.Deaths,
        }.AddStoredAsync(database);
        return Judge.Decide(history) with { Rounds = plan.Count, Seed = options.Seed };
    }

    private IReadOnlyList<Round> MakePlan(PostgresServer server)
    {
        var faults = options.Faults.Where(fault => server.IsPrivate || fault != Fault.DatabaseCrash).ToArray();
        if (faults.Length < options.Faults.Count)
        {
            log.WriteLine("The server named in WEBHOOKKIT_POSTGRES is not ours: it is not crashed.");
        }

        return FaultPlan.Make(options.Seed, options.Rounds ?? faults.Length, options.Nodes, faults);
    }

    private async Task RunFaultsAsync(IReadOnlyList<Round> plan, FaultRunner faults, Cluster cluster, ChaosDatabase database)
    {
        using var stopping = new CancellationTokenSource();
        var keeper = new BacklogKeeper(cluster, database, options.Nodes * PlainEndpoints * MaxInFlightPerEndpoint * 5 / 4, timeProvider);
        var keeping = keeper.RunAsync(stopping.Token);
        try
        {
            foreach (var round in plan)
            {
                await faults.RunAsync(round);
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await keeping;
        }
    }

    // It may take as long as the machine needs while it gets on; what is left over after that is found by the checker.
    private async Task DrainAsync(ChaosDatabase database)
    {
        log.WriteLine($"{timeProvider.GetUtcNow():HH:mm:ss} draining");
        var standstill = options.LeaseDuration + options.PollInterval + options.WorkAllowance;
        var begun = timeProvider.GetTimestamp();
        var movedAt = begun;
        var left = await database.ReadBacklogAsync();
        while (left != (0, 0) && timeProvider.GetElapsedTime(movedAt) < standstill && timeProvider.GetElapsedTime(begun) < DrainPatience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), timeProvider);
            var before = left;
            left = await database.ReadBacklogAsync();
            movedAt = left == before ? movedAt : timeProvider.GetTimestamp();
        }
    }

    private NodeSettings NodeTemplate(ChaosDatabase database, ChaosReceiver receiver, string secret) => new()
    {
        Name = "",
        Place = "",
        ConnectionString = database.ConnectionString,
        ReceiverUrl = receiver.Url,
        Secret = secret,
        LedgerPath = "",
        Seed = options.Seed,
        LeaseDuration = _settings.LeaseDuration,
        PollInterval = _settings.PollInterval,
        MaxInFlightPerEndpoint = MaxInFlightPerEndpoint,
        RetryDelays = RetryDelays,
        Endpoints = _settings.Endpoints,
        IsFencingDisabled = options.IsFencingDisabled,
    };
}
