using System.CommandLine;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Floors;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Drain;

/// <summary>How fast a prefilled outbox is fanned out and delivered, against the same work written by hand.</summary>
internal static class DrainCommand
{
    public static Command Create()
    {
        var store = Options.Store(StoreKind.Memory, StoreKind.Sqlite, StoreKind.Postgres);
        var messages = Options.Messages(50_000);
        var endpoints = Options.Endpoints(100);
        var payload = Options.Payload();
        var latency = Options.Number("--receiver-latency", 0, "How long the receiver takes for each request, in milliseconds.", least: 0);
        var maxInFlight = Options.MaxInFlight();
        var runs = Options.Runs();
        var withoutFloor = new Option<bool>("--without-floor") { Description = "Runs only the sender." };
        var statements = new Option<bool>("--statements") { Description = "Prints the most expensive statements of the last run to standard error." };
        var profile = new Option<bool>("--profile")
        {
            Description = "Samples the last run and prints which methods ran most to standard error; its rate is worth nothing.",
        };

        var command = new Command("drain", "Drains a prefilled outbox, against the same durable work written by hand.")
        {
            store, messages, endpoints, payload, latency, maxInFlight, runs, withoutFloor, statements, profile,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(store),
            new DrainSettings(
                parsed.GetValue(messages),
                new MessageShape(parsed.GetValue(endpoints), parsed.GetValue(payload)),
                parsed.GetValue(latency),
                parsed.GetValue(maxInFlight)),
            parsed.GetValue(runs),
            parsed.GetValue(withoutFloor) ? [SenderRole.Name] : [SenderRole.Name, FloorRole.Name],
            parsed.GetValue(statements),
            parsed.GetValue(profile),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        StoreKind kind,
        DrainSettings settings,
        int runs,
        string[] roles,
        bool showsStatements,
        bool showsProfile,
        CancellationToken cancellationToken)
    {
        var report = new Report("drain");
        await using var store = await LoadStore.StartAsync(kind, cancellationToken);
        var results = roles.ToDictionary(role => role, _ => new List<DrainResult>());
        for (var run = 1; run <= runs; run++)
        {
            // Whoever goes first finds the machine as the other left it: they take turns in that as well.
            foreach (var role in run % 2 == 1 ? roles : roles.Reverse())
            {
                var isLast = run == runs;
                var result = await MeasureAsync(
                    store, role, settings, report, showsStatements && isLast, showsProfile && isLast, cancellationToken);
                results[role].Add(result);
                Console.Error.WriteLine($"run {run} of {runs}, {role}: {result.DeliveredPerSecond:F0}/s");
            }
        }

        var ours = DrainResult.MedianOf(results[SenderRole.Name]);
        var floors = results.GetValueOrDefault(FloorRole.Name) ?? [];
        var floor = DrainResult.MedianOf(floors);
        var ratios = results[SenderRole.Name].Zip(floors, (one, other) => one.DeliveredPerSecond / other.DeliveredPerSecond).ToArray();
        report
            .With("store", kind.ToString().ToLowerInvariant())
            .With("messages", settings.Messages)
            .With("endpoints", settings.Shape.Endpoints)
            .With("payloadBytes", settings.Shape.PayloadBytes)
            .With("receiverLatencyMs", settings.ReceiverLatency)
            .With("maxInFlight", settings.MaxInFlight)
            .With("deliveredPerSecond", ours.DeliveredPerSecond)
            .With("floorPerSecond", floor.DeliveredPerSecond)
            .With("ratio", Median.Of(ratios, ratio => ratio))
            .With("statementsPerDelivery", ours.StatementsPerDelivery)
            .With("allocatedBytesPerDelivery", ours.AllocatedBytesPerDelivery)
            .With("walBytesPerDelivery", ours.WalBytesPerDelivery)
            .With("fullPageBytesPerDelivery", ours.FullPageBytesPerDelivery)
            .With("peakRssMiB", ours.PeakRssMiB)
            .With("cpuMicrosecondsPerDelivery", ours.CpuMicrosecondsPerDelivery)
            .With("duplicates", ours.Duplicates)
            .With("floor", floors.Count == 0 ? null : (object)floor)
            .With("ratios", ratios.Select(Median.Round))
            .With("runs", results.ToDictionary(side => side.Key, side => side.Value.Select(run => run.Rounded())))
            .With("conditions", Conditions.Read(store.Description));
        return report.Print();
    }

    private static async Task<DrainResult> MeasureAsync(
        LoadStore store,
        string role,
        DrainSettings settings,
        Report report,
        bool showsStatements,
        bool showsProfile,
        CancellationToken cancellationToken)
    {
        await using var run = await DrainRun.StartAsync(
            role, settings, await store.CreateDatabaseAsync(cancellationToken), history: 0, cancellationToken);
        var result = await run.MeasureAsync(showsProfile, cancellationToken);
        report.AddProblems(run.Problems.Select(problem => $"{role}: {problem}"));
        IReadOnlyList<string> statements = showsStatements ? await run.ReadTopStatementsAsync(cancellationToken) : [];
        foreach (var line in statements.Concat(run.Profile))
        {
            Console.Error.WriteLine(line);
        }

        return result;
    }
}
