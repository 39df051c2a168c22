using System.CommandLine;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Publish;

/// <summary>What one webhook in a <c>SaveChanges</c> costs, against plain rows of the same shape.</summary>
internal static class PublishCommand
{
    // Both ways save in many short turns, so that a slow moment of the machine meets both or falls out of the median.
    private const int Turns = 50;

    public static Command Create()
    {
        var store = Options.Store(StoreKind.Sqlite, StoreKind.Postgres);
        var messages = Options.Messages(5_000);
        var payload = Options.Payload();
        var concurrency = Options.Number("--concurrency", 4, "How many save at once.");
        var runs = Options.Runs();
        var command = new Command("publish", "Saves an order with one webhook, against the order with plain rows of the same columns and indexes.")
        {
            store, messages, payload, concurrency, runs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(store),
            parsed.GetValue(messages),
            parsed.GetValue(payload),
            parsed.GetValue(concurrency),
            parsed.GetValue(runs),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        StoreKind kind, int messages, int payloadBytes, int concurrency, int runs, CancellationToken cancellationToken)
    {
        var report = new Report("publish");
        await using var store = await LoadStore.StartAsync(kind, cancellationToken);
        var results = new List<PublishResult>();
        for (var run = 1; run <= runs; run++)
        {
            results.Add(await MeasureAsync(store, messages, payloadBytes, concurrency, report, cancellationToken));
            Console.Error.WriteLine($"run {run} of {runs}: ratio {results[^1].Ratio:F3}");
        }

        var median = PublishResult.MedianOf(results);
        return report
            .With("store", kind.ToString().ToLowerInvariant())
            .With("messages", messages)
            .With("payloadBytes", payloadBytes)
            .With("concurrency", concurrency)
            .With("ratio", median.Ratio)
            .With("microsecondsPerSave", median.MicrosecondsPerSave)
            .With("plainMicrosecondsPerSave", median.PlainMicrosecondsPerSave)
            .With("cpuMicrosecondsPerSave", median.CpuMicrosecondsPerSave)
            .With("plainCpuMicrosecondsPerSave", median.PlainCpuMicrosecondsPerSave)
            .With("allocatedBytesPerSave", median.AllocatedBytesPerSave)
            .With("plainAllocatedBytesPerSave", median.PlainAllocatedBytesPerSave)
            .With("runs", results.Select(result => PublishResult.MedianOf([result])))
            .With("conditions", Conditions.Read(store.Description))
            .Print();
    }

    private static async Task<PublishResult> MeasureAsync(
        LoadStore store, int messages, int payloadBytes, int concurrency, Report report, CancellationToken cancellationToken)
    {
        await using var database = (await store.CreateDatabaseAsync(cancellationToken))!;
        await using (var plain = PlainDb.Open(database.Settings))
        {
            await plain.CreateTablesAsync(cancellationToken);
        }

        await using var publisher = await RoleProcess.StartAsync(
            PublisherRole.Name, new PublisherSettings(database.Settings, payloadBytes, concurrency), cancellationToken);
        string[] ways = [PublisherRole.Webhook, PublisherRole.Plain];
        var warmUp = Math.Clamp(messages / 10, 20, 500);
        var warmUpTurns = await WarmUp.RunAsync(
            [publisher],
            messages,
            async () =>
            {
                foreach (var way in ways)
                {
                    await publisher.AskAsync<SaveResult>(way, new MessageCount(warmUp), cancellationToken);
                }
            },
            cancellationToken);

        var perTurn = Math.Max(messages / Turns, 1);
        var results = ways.ToDictionary(way => way, _ => new List<SaveResult>());
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var way in turn % 2 == 0 ? ways : ways.Reverse())
            {
                results[way].Add(await publisher.AskAsync<SaveResult>(way, new MessageCount(perTurn), cancellationToken));
            }
        }

        var published = (perTurn * Turns) + (warmUpTurns * warmUp);
        var contents = await database.ReadContentsAsync(cancellationToken);
        if (contents.Outbox != published)
        {
            report.AddProblems([$"Of {published} messages {contents.Outbox} are in the outbox."]);
        }

        return PublishResult.From(perTurn, results[PublisherRole.Webhook], results[PublisherRole.Plain]);
    }
}
