using System.CommandLine;
using System.Diagnostics;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Beside;

/// <summary>How long the host's own saves take on SQLite while the dispatcher of the same process drains beside them.</summary>
internal static class BesideCommand
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var messages = Options.Messages(100_000);
        var endpoints = Options.Endpoints(100);
        var payload = Options.Payload();
        var perSecond = Options.Number("--saves-per-second", 200, "How many saves the host begins each second.");
        var seconds = Options.Number("--seconds", 5, "How long each part is measured.");
        var runs = Options.Runs();
        var command = new Command("beside", "Saves at a steady pace on SQLite, with and without a dispatcher that drains beside it.")
        {
            messages, endpoints, payload, perSecond, seconds, runs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(messages),
            new MessageShape(parsed.GetValue(endpoints), parsed.GetValue(payload)),
            new SavePace(parsed.GetValue(perSecond), parsed.GetValue(seconds)),
            parsed.GetValue(runs),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        int messages, MessageShape shape, SavePace pace, int runs, CancellationToken cancellationToken)
    {
        var report = new Report("beside");
        await using var store = await LoadStore.StartAsync(StoreKind.Sqlite, cancellationToken);
        var results = new List<BesideResult>();
        for (var run = 1; run <= runs; run++)
        {
            results.Add(await MeasureAsync(store, messages, shape, pace, report, cancellationToken));
            Console.Error.WriteLine($"run {run} of {runs}: p99 {results[^1].Draining.P99Ms:F1} ms beside {results[^1].DeliveredBeside:F0}/s");
        }

        return report
            .With("messages", messages)
            .With("endpoints", shape.Endpoints)
            .With("payloadBytes", shape.PayloadBytes)
            .With("savesPerSecond", pace.PerSecond)
            .With("seconds", pace.Seconds)
            .With("p50Ms", Median.Of(results, result => result.Draining.P50Ms))
            .With("p99Ms", Median.Of(results, result => result.Draining.P99Ms))
            .With("maxMs", Median.Of(results, result => result.Draining.MaxMs))
            .With("quietP50Ms", Median.Of(results, result => result.Quiet.P50Ms))
            .With("quietP99Ms", Median.Of(results, result => result.Quiet.P99Ms))
            .With("deliveredPerSecond", Median.Of(results, result => result.DeliveredBeside))
            .With("deliveredPerSecondAlone", Median.Of(results, result => result.DeliveredAlone))
            .With("runs", results.Select(result => result.Rounded()))
            .With("conditions", Conditions.Read(store.Description))
            .Print();
    }

    private static async Task<BesideResult> MeasureAsync(
        LoadStore store, int messages, MessageShape shape, SavePace pace, Report report, CancellationToken cancellationToken)
    {
        await using var database = (await store.CreateDatabaseAsync(cancellationToken))!;
        await using var receiver = await RoleProcess.StartAsync(ReceiverRole.Name, new ReceiverSettings(0), cancellationToken);
        var address = await receiver.AskAsync<ReceiverAddress>("address", null, cancellationToken);
        await using var host = await RoleProcess.StartAsync(
            BesideHostRole.Name,
            new SenderSettings(database.Settings, shape, [new Target(address.Url, shape.Endpoints)], MaxInFlight: 1_000),
            cancellationToken);
        await host.AskAsync("start", cancellationToken);
        await SaveAsync(pace with { Seconds = 1 });
        var quiet = await SaveAsync(pace);

        var generator = new IdGenerator(TimeProvider.System);
        var ids = Enumerable.Range(0, messages).Select(_ => generator.NewMessageId().Value).ToArray();
        await database.AddMessagesAsync(ids, shape, cancellationToken);
        await database.AddToOutboxAsync(ids, shape, cancellationToken);
        await host.AskAsync("wake", cancellationToken);
        await Task.Delay(Settle, cancellationToken);

        var (begun, since) = (await CountAsync(), Stopwatch.GetTimestamp());
        var draining = await SaveAsync(pace);
        var (beside, besideSeconds) = (await CountAsync() - begun, Stopwatch.GetElapsedTime(since).TotalSeconds);
        (begun, since) = (await CountAsync(), Stopwatch.GetTimestamp());
        await Task.Delay(Settle, cancellationToken);
        var (alone, aloneSeconds) = (await CountAsync() - begun, Stopwatch.GetElapsedTime(since).TotalSeconds);
        if (await CountAsync() >= messages)
        {
            report.AddProblems(["The backlog was delivered before the measurement ended: give more messages or fewer seconds."]);
        }

        return new BesideResult(quiet, draining, beside / besideSeconds, alone / aloneSeconds);

        async Task<SaveTimes> SaveAsync(SavePace at)
        {
            var times = await host.AskAsync<SaveTimes>("save", at, cancellationToken);
            report.AddProblems(times.Errors.Select(error => $"A save of the host failed: {error}"));
            return times;
        }

        async Task<long> CountAsync() => (await receiver.AskAsync<ReceiverCount>("count", null, cancellationToken)).Distinct;
    }
}
