using System.CommandLine;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Drain;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Scale;

/// <summary>How fast a grown database drains, against an empty one.</summary>
internal static class ScaleCommand
{
    public static Command Create()
    {
        var store = Options.Store(StoreKind.Sqlite, StoreKind.Postgres);
        var history = Options.Number("--history", 5_000_000, "How many finished deliveries are there already.", least: 0);
        var endpoints = Options.Endpoints(100);
        var emptyEndpoints = Options.Number("--empty-endpoints", 100, "How many endpoints the empty database has.");
        var messages = Options.Messages(50_000);
        var payload = Options.Payload();
        var runs = Options.Runs();
        var command = new Command("scale", "Drains an outbox beside many finished deliveries and endpoints, against an empty database.")
        {
            store, history, endpoints, emptyEndpoints, messages, payload, runs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(store),
            parsed.GetValue(history),
            Settings(parsed.GetValue(messages), parsed.GetValue(endpoints), parsed.GetValue(payload)),
            Settings(parsed.GetValue(messages), parsed.GetValue(emptyEndpoints), parsed.GetValue(payload)),
            parsed.GetValue(runs),
            cancellationToken));
        return command;
    }

    private static DrainSettings Settings(int messages, int endpoints, int payload) =>
        new(messages, new MessageShape(endpoints, payload), ReceiverLatency: 0, MaxInFlight: 1_000);

    private static async Task<int> RunAsync(
        StoreKind kind, int history, DrainSettings grown, DrainSettings empty, int runs, CancellationToken cancellationToken)
    {
        var report = new Report("scale");
        await using var store = await LoadStore.StartAsync(kind, cancellationToken);
        var ofGrown = new List<DrainResult>();
        var ofEmpty = new List<DrainResult>();
        for (var run = 1; run <= runs; run++)
        {
            if (run % 2 == 1)
            {
                ofEmpty.Add(await MeasureAsync(store, 0, empty, report, cancellationToken));
            }

            ofGrown.Add(await MeasureAsync(store, history, grown, report, cancellationToken));
            if (run % 2 == 0)
            {
                ofEmpty.Add(await MeasureAsync(store, 0, empty, report, cancellationToken));
            }

            Console.Error.WriteLine(
                $"run {run} of {runs}: {ofGrown[^1].DeliveredPerSecond:F0}/s, empty {ofEmpty[^1].DeliveredPerSecond:F0}/s");
        }

        var ratios = ofGrown.Zip(ofEmpty, (one, other) => one.DeliveredPerSecond / other.DeliveredPerSecond).ToArray();
        return report
            .With("store", kind.ToString().ToLowerInvariant())
            .With("history", history)
            .With("endpoints", grown.Shape.Endpoints)
            .With("emptyEndpoints", empty.Shape.Endpoints)
            .With("messages", grown.Messages)
            .With("payloadBytes", grown.Shape.PayloadBytes)
            .With("deliveredPerSecond", Median.Of(ofGrown, run => run.DeliveredPerSecond))
            .With("emptyPerSecond", Median.Of(ofEmpty, run => run.DeliveredPerSecond))
            .With("ratio", Median.Of(ratios, ratio => ratio))
            .With("ratios", ratios.Select(Median.Round))
            .With("grown", DrainResult.MedianOf(ofGrown))
            .With("empty", DrainResult.MedianOf(ofEmpty))
            .With("runs", ofGrown.Zip(ofEmpty, (one, other) => new { grown = one.Rounded(), empty = other.Rounded() }))
            .With("conditions", Conditions.Read(store.Description))
            .Print();
    }

    private static async Task<DrainResult> MeasureAsync(
        LoadStore store, int history, DrainSettings settings, Report report, CancellationToken cancellationToken)
    {
        var database = (await store.CreateDatabaseAsync(cancellationToken))!;
        if (history > 0)
        {
            await database.AddHistoryAsync(history, settings.Shape, cancellationToken);
        }

        await using var run = await DrainRun.StartAsync(SenderRole.Name, settings, database, history, cancellationToken);
        var result = await run.MeasureAsync(isProfiled: false, cancellationToken);
        report.AddProblems(run.Problems);
        return result;
    }
}
