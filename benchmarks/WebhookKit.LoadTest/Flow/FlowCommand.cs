using System.CommandLine;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Flow;

/// <summary>How fast and how soon messages arrive that are published meanwhile.</summary>
internal static class FlowCommand
{
    private sealed record Result(double? DeliveredPerSecond, double? P50Ms, double? P99Ms, double? MaxMs, double? PeakRssMiB);

    public static Command Create()
    {
        var store = Options.Store(StoreKind.Memory, StoreKind.Sqlite, StoreKind.Postgres);
        var messages = Options.Messages(20_000);
        var perSave = Options.Number("--per-save", 1, "How many orders and messages share a save.");
        var nodes = Options.Number("--nodes", 1, "How many nodes dispatch.");
        var apart = new Option<bool>("--apart") { Description = "A node that does not dispatch publishes; otherwise every dispatching node does." };
        var notify = new Option<bool>("--notify") { Description = "Nodes wake each other through LISTEN and NOTIFY; PostgreSQL only." };
        var concurrency = Options.Number("--concurrency", 4, "How many save at once, on each publishing node.");
        var rate = Options.Number("--rate", 0, "How many messages are published a second; 0 is as many as it goes.", least: 0);
        var endpoints = Options.Endpoints(100);
        var payload = Options.Payload();
        var runs = Options.Runs();
        var command = new Command("flow", "Publishes through EF and delivers at the same time; from the commit to the receiver.")
        {
            store, messages, perSave, nodes, apart, notify, concurrency, rate, endpoints, payload, runs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(store),
            parsed.GetValue(messages),
            parsed.GetValue(rate) is var asked && asked > 0 ? asked : null,
            new FlowSettings(
                new MessageShape(parsed.GetValue(endpoints), parsed.GetValue(payload)),
                parsed.GetValue(perSave),
                parsed.GetValue(concurrency),
                parsed.GetValue(nodes),
                parsed.GetValue(apart),
                parsed.GetValue(notify)),
            parsed.GetValue(runs),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        StoreKind kind, int messages, double? rate, FlowSettings settings, int runs, CancellationToken cancellationToken)
    {
        if (kind == StoreKind.Memory && (settings.Nodes > 1 || settings.IsApart))
        {
            throw new LoadTestException("The store in memory has one node, which publishes too: leave out --nodes and --apart.");
        }

        if (kind != StoreKind.Postgres && settings.IsNotifying)
        {
            throw new LoadTestException("Only PostgreSQL can notify: leave out --notify.");
        }

        var report = new Report("flow");
        await using var store = await LoadStore.StartAsync(kind, cancellationToken);
        var results = new List<Result>();
        for (var run = 1; run <= runs; run++)
        {
            results.Add(await MeasureAsync(store, messages, rate, settings, report, cancellationToken));
            Console.Error.WriteLine($"run {run} of {runs}: {results[^1]}");
        }

        return report
            .With("store", kind.ToString().ToLowerInvariant())
            .With("messages", messages)
            .With("perSave", settings.PerSave)
            .With("nodes", settings.Nodes)
            .With("publisherIsApart", (object)settings.IsApart)
            .With("notify", (object)settings.IsNotifying)
            .With("concurrency", settings.Writers)
            .With("rate", rate)
            .With("endpoints", settings.Shape.Endpoints)
            .With("payloadBytes", settings.Shape.PayloadBytes)
            .With("deliveredPerSecond", Median.Of(results, result => result.DeliveredPerSecond))
            .With("p50Ms", Median.Of(results, result => result.P50Ms))
            .With("p99Ms", Median.Of(results, result => result.P99Ms))
            .With("maxMs", Median.Of(results, result => result.MaxMs))
            .With("peakRssMiB", Median.Of(results, result => result.PeakRssMiB))
            .With("runs", results)
            .With("conditions", Conditions.Read(store.Description))
            .Print();
    }

    private static async Task<Result> MeasureAsync(
        LoadStore store, int messages, double? rate, FlowSettings settings, Report report, CancellationToken cancellationToken)
    {
        var warmUp = Math.Clamp(messages / 10, settings.PerSave * settings.Nodes, 1_000);
        await using var run = await FlowRun.StartAsync(settings, await store.CreateDatabaseAsync(cancellationToken), cancellationToken);
        var warmed = await run.PublishAsync(warmUp, null, cancellationToken);
        var latencies = await run.PublishAsync(messages, rate, cancellationToken);
        var finished = await run.FinishAsync(warmed.Count + latencies.Count, cancellationToken);
        report.AddProblems(run.Problems);
        return new Result(
            Median.Round(latencies.Count / latencies.Seconds),
            Median.Round(latencies.P50),
            Median.Round(latencies.P99),
            Median.Round(latencies.Max),
            Median.Round(finished.PeakRssMiB));
    }
}
