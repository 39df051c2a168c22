using System.CommandLine;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Reporting;

namespace WebhookKit.LoadTest.Receive;

/// <summary>How many requests a second are verified, claimed and handled, against an endpoint that only compares an HMAC.</summary>
internal static class ReceiveCommand
{
    private sealed record Result(double? RequestsPerSecond, double? AllocatedBytesPerRequest, double? CpuMicrosecondsPerRequest, double? PeakRssMiB, int WarmUpTurns);

    public static Command Create()
    {
        var store = Options.Store(StoreKind.Memory, StoreKind.Sqlite, StoreKind.Postgres);
        var requests = Options.Number("--requests", 50_000, "How many requests, each with an id of its own.");
        var concurrency = Options.Number("--concurrency", 64, "How many requests at once.");
        var payload = Options.Payload();
        var runs = Options.Runs();
        var command = new Command("receive", "Verifies, claims and handles requests, against a bare endpoint that compares one HMAC.")
        {
            store, requests, concurrency, payload, runs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(store),
            parsed.GetValue(requests),
            parsed.GetValue(concurrency),
            parsed.GetValue(payload),
            parsed.GetValue(runs),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        StoreKind kind, int requests, int concurrency, int payloadBytes, int runs, CancellationToken cancellationToken)
    {
        var report = new Report("receive");
        await using var store = await LoadStore.StartAsync(kind, cancellationToken);
        var ours = new List<Result>();
        var floor = new List<Result>();
        for (var run = 1; run <= runs; run++)
        {
            foreach (var isFloor in run % 2 == 1 ? new[] { false, true } : [true, false])
            {
                var result = await MeasureAsync(store, isFloor, requests, concurrency, payloadBytes, report, cancellationToken);
                (isFloor ? floor : ours).Add(result);
                Console.Error.WriteLine($"run {run} of {runs}, {(isFloor ? "floor" : "receiver")}: {result.RequestsPerSecond:F0}/s");
            }
        }

        var ratios = ours.Zip(floor, (one, other) => one.RequestsPerSecond / other.RequestsPerSecond).ToArray();
        return report
            .With("store", kind.ToString().ToLowerInvariant())
            .With("requests", requests)
            .With("concurrency", concurrency)
            .With("payloadBytes", payloadBytes)
            .With("requestsPerSecond", Median.Of(ours, run => run.RequestsPerSecond))
            .With("floorPerSecond", Median.Of(floor, run => run.RequestsPerSecond))
            .With("ratio", Median.Of(ratios, ratio => ratio))
            .With("allocatedBytesPerRequest", Median.Of(ours, run => run.AllocatedBytesPerRequest))
            .With("floorAllocatedBytesPerRequest", Median.Of(floor, run => run.AllocatedBytesPerRequest))
            .With("cpuMicrosecondsPerRequest", Median.Of(ours, run => run.CpuMicrosecondsPerRequest))
            .With("floorCpuMicrosecondsPerRequest", Median.Of(floor, run => run.CpuMicrosecondsPerRequest))
            .With("peakRssMiB", Median.Of(ours, run => run.PeakRssMiB))
            .With("ratios", ratios.Select(Median.Round))
            .With("runs", ours.Zip(floor, (one, other) => new { receiver = one, floor = other }))
            .With("conditions", Conditions.Read(store.Description))
            .Print();
    }

    private static async Task<Result> MeasureAsync(
        LoadStore store, bool isFloor, int requests, int concurrency, int payloadBytes, Report report, CancellationToken cancellationToken)
    {
        await using var database = isFloor ? null : await store.CreateDatabaseAsync(cancellationToken);
        await using var web = await RoleProcess.StartAsync(
            WebRole.Name, new WebSettings(database?.Settings ?? new StoreSettings(StoreKind.Memory, ""), isFloor), cancellationToken);
        var address = await web.AskAsync<ReceiverAddress>("address", null, cancellationToken);
        var url = new Uri($"{address.Url}/webhooks/load");

        var warmUpTurns = await WarmUp.RunAsync(
            [web],
            requests,
            async () =>
            {
                var some = await SignedRequests.CreateAsync(Math.Clamp(requests / 10, 100, 5_000), payloadBytes, cancellationToken);
                await some.PostAsync(url, concurrency, cancellationToken);
            },
            cancellationToken);

        var signed = await SignedRequests.CreateAsync(requests, payloadBytes, cancellationToken);
        await web.AskAsync("prepare", cancellationToken);
        var (seconds, accepted) = await signed.PostAsync(url, concurrency, cancellationToken);
        var result = await web.AskAsync<WebResult>("finish", null, cancellationToken);
        if (accepted != requests || result.Handled != requests)
        {
            report.AddProblems([$"Of {requests} requests {accepted} were accepted and {result.Handled} handled."]);
        }

        return new Result(
            Median.Round(requests / seconds),
            Median.Round(result.AllocatedBytes / (double)requests),
            Median.Round(result.CpuSeconds * 1_000_000 / requests),
            Median.Round(result.PeakRssMiB),
            warmUpTurns);
    }
}
