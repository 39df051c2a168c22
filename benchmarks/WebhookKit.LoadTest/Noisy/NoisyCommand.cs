using System.CommandLine;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Flow;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Noisy;

/// <summary>What hanging endpoints and their backlog do to the latency of the healthy ones.</summary>
internal static class NoisyCommand
{
    private sealed record Result(double? P50Ms, double? P99Ms, double? MaxMs, int HangingRequests);

    public static Command Create()
    {
        var store = Options.Store(StoreKind.Sqlite, StoreKind.Postgres);
        var healthy = Options.Number("--healthy", 100, "How many endpoints answer at once.");
        var hanging = Options.Number("--hanging", 1, "How many endpoints accept and never answer.");
        var backlog = Options.Number("--backlog", 1_000_000, $"How many deliveries wait for the first hanging one; each other has {NoisySettings.BacklogOfOthers}.");
        var seconds = Options.Number("--seconds", 20, "How long each side publishes.");
        var rate = Options.Number("--rate", 0, "How many messages are published a second; 0 is half of what a first run makes at most.", least: 0);
        var perSave = Options.Number("--per-save", 1, "How many orders and messages share a save.");
        var payload = Options.Payload();
        var runs = Options.Runs();
        var command = new Command("noisy", "Latency of healthy endpoints at half of the highest rate, with and without hanging endpoints.")
        {
            store, healthy, hanging, backlog, seconds, rate, perSave, payload, runs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(store),
            new FlowSettings(
                new MessageShape(parsed.GetValue(healthy), parsed.GetValue(payload)),
                parsed.GetValue(perSave), Writers: 4, Nodes: 1, IsApart: false),
            new NoisySettings(parsed.GetValue(hanging), parsed.GetValue(backlog), parsed.GetValue(seconds)),
            parsed.GetValue(rate),
            parsed.GetValue(runs),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        StoreKind kind, FlowSettings flow, NoisySettings noise, double rate, int runs, CancellationToken cancellationToken)
    {
        var report = new Report("noisy");
        await using var store = await LoadStore.StartAsync(kind, cancellationToken);
        if (rate == 0)
        {
            rate = await FindHighestRateAsync(store, flow, cancellationToken) / 2;
        }

        var noisy = new List<Result>();
        var baseline = new List<Result>();
        for (var run = 1; run <= runs; run++)
        {
            foreach (var isNoisy in run % 2 == 1 ? new[] { false, true } : [true, false])
            {
                var result = await MeasureAsync(store, flow, isNoisy ? noise : noise with { Hanging = 0 }, rate, report, cancellationToken);
                (isNoisy ? noisy : baseline).Add(result);
                Console.Error.WriteLine($"run {run} of {runs}, {(isNoisy ? "with" : "without")} hanging endpoints: {result}");
            }
        }

        var ratios = noisy.Zip(baseline, (one, other) => one.P99Ms / other.P99Ms).ToArray();
        return report
            .With("store", kind.ToString().ToLowerInvariant())
            .With("healthy", flow.Shape.Endpoints)
            .With("hanging", noise.Hanging)
            .With("backlog", noise.Backlog)
            .With("seconds", noise.Seconds)
            .With("messagesPerSecond", rate)
            .With("perSave", flow.PerSave)
            .With("payloadBytes", flow.Shape.PayloadBytes)
            .With("healthyP50Ms", Median.Of(noisy, run => run.P50Ms))
            .With("healthyP99Ms", Median.Of(noisy, run => run.P99Ms))
            .With("baselineP50Ms", Median.Of(baseline, run => run.P50Ms))
            .With("baselineP99Ms", Median.Of(baseline, run => run.P99Ms))
            .With("ratio", Median.Of(ratios, ratio => ratio))
            .With("ratios", ratios.Select(Median.Round))
            .With("runs", noisy.Zip(baseline, (one, other) => new { healthy = one, baseline = other }))
            .With("conditions", Conditions.Read(store.Description))
            .Print();
    }

    private static async Task<double> FindHighestRateAsync(LoadStore store, FlowSettings flow, CancellationToken cancellationToken)
    {
        const int Messages = 5_000;
        await using var run = await FlowRun.StartAsync(flow, await store.CreateDatabaseAsync(cancellationToken), cancellationToken);
        await run.PublishAsync(Messages / 5, null, cancellationToken);
        var latencies = await run.PublishAsync(Messages, null, cancellationToken);
        var rate = latencies.Count / latencies.Seconds;
        Console.Error.WriteLine($"at most {rate:F0} messages a second");
        return rate;
    }

    private static async Task<Result> MeasureAsync(
        LoadStore store, FlowSettings flow, NoisySettings noise, double rate, Report report, CancellationToken cancellationToken)
    {
        var database = (await store.CreateDatabaseAsync(cancellationToken))!;
        for (var i = 0; i < noise.Hanging; i++)
        {
            await database.AddBacklogAsync(
                i == 0 ? noise.Backlog : NoisySettings.BacklogOfOthers, flow.Shape.Endpoints + i, flow.Shape, cancellationToken);
        }

        await database.SettleAsync(cancellationToken);
        await using var run = await FlowRun.StartAsync(flow with { Hanging = noise.Hanging }, database, cancellationToken);
        await run.PublishAsync((int)(rate * NoisySettings.Settling.TotalSeconds), rate, cancellationToken);
        var latencies = await run.PublishAsync((int)(rate * noise.Seconds), rate, cancellationToken);
        var hangingRequests = await run.CountHangingRequestsAsync(cancellationToken);
        if (noise.Hanging > 0 && hangingRequests < noise.Hanging)
        {
            report.AddProblems([$"Only {hangingRequests} requests reached {noise.Hanging} hanging endpoints."]);
        }

        report.AddProblems(run.Problems);
        run.Kill();
        return new Result(
            Median.Round(latencies.P50), Median.Round(latencies.P99), Median.Round(latencies.Max), hangingRequests);
    }
}
