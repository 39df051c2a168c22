using System.Diagnostics;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Profiling;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Drain;

/// <summary>One side, once: a fresh store, a sender or a floor, and a receiver, each in a process of its own.</summary>
internal sealed class DrainRun : IAsyncDisposable
{
    private readonly DrainSettings _settings;
    private readonly LoadDatabase? _database;
    private readonly RoleProcess _receiver;
    private readonly RoleProcess _sender;
    private readonly int _history;
    private int _drained;

    private DrainRun(DrainSettings settings, LoadDatabase? database, int history, RoleProcess receiver, RoleProcess sender)
    {
        _history = history;
        _settings = settings;
        _database = database;
        _receiver = receiver;
        _sender = sender;
    }

    /// <summary>What does not hold; the figures are worthless then.</summary>
    public List<string> Problems { get; } = [];

    /// <param name="role">Who sends: the sender or the floor.</param>
    /// <param name="settings">What is drained.</param>
    /// <param name="database">A fresh one, which is given over; null for the store in memory.</param>
    /// <param name="history">How many finished deliveries the database holds already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DrainRun> StartAsync(
        string role, DrainSettings settings, LoadDatabase? database, int history, CancellationToken cancellationToken)
    {
        var receiver = await RoleProcess.StartAsync(
            ReceiverRole.Name, new ReceiverSettings(settings.ReceiverLatency), cancellationToken);
        var address = await receiver.AskAsync<ReceiverAddress>("address", null, cancellationToken);
        var sender = await RoleProcess.StartAsync(
            role,
            new SenderSettings(
                database?.Settings ?? new StoreSettings(StoreKind.Memory, ""),
                settings.Shape,
                [new Target(address.Url, settings.Shape.Endpoints)],
                settings.MaxInFlight),
            cancellationToken);
        await sender.AskAsync("start", cancellationToken);
        return new DrainRun(settings, database, history, receiver, sender);
    }

    /// <summary>What the sender or the floor spent its time on, where that was asked for.</summary>
    public IReadOnlyList<string> Profile { get; private set; } = [];

    public async Task<DrainResult> MeasureAsync(bool isProfiled, CancellationToken cancellationToken)
    {
        var warmUpTurns = await WarmUp.RunAsync(
            [_sender, _receiver], _settings.Messages, () => DrainAsync(_settings.WarmUp, cancellationToken), cancellationToken);
        var messages = _settings.Messages;
        var receiverBefore = await _receiver.AskAsync<ReceiverCount>("count", null, cancellationToken);
        var profile = isProfiled ? SampleProfile.Start(_sender.ProcessId) : null;
        var committedAt = await DrainAsync(messages, cancellationToken);
        if (profile is not null)
        {
            Profile = await profile.StopAsync(cancellationToken);
        }

        var result = await _sender.AskAsync<SendingResult>("finish", null, cancellationToken);
        var cost = _database is null ? DatabaseCost.None : await _database.ReadCostAsync(cancellationToken);
        var received = await _receiver.AskAsync<ReceiverCount>("count", null, cancellationToken);
        await CheckAsync(received, result.Contents, cancellationToken);

        return new DrainResult(
            messages / Stopwatch.GetElapsedTime(committedAt, result.EndedAt).TotalSeconds,
            cost.Statements / (double)messages,
            result.AllocatedBytes / (double)messages,
            cost.WalBytes / (double)messages,
            cost.FullPageBytes / (double)messages,
            result.PeakRssMiB,
            PerDelivery(result.CpuSeconds),
            PerDelivery(received.CpuSeconds - receiverBefore.CpuSeconds),
            cost.CpuSeconds is { } cpu ? PerDelivery(cpu) : null,
            received.Requests - received.Distinct,
            warmUpTurns);

        double PerDelivery(double seconds) => seconds * 1_000_000 / messages;
    }

    public Task<IReadOnlyList<string>> ReadTopStatementsAsync(CancellationToken cancellationToken) =>
        _database?.ReadTopStatementsAsync(cancellationToken) ?? Task.FromResult<IReadOnlyList<string>>([]);

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    // The outbox is filled by one commit under a running sender: the clock starts just before it.
    private async Task<long> DrainAsync(int messages, CancellationToken cancellationToken)
    {
        long? committedAt = null;
        await _receiver.AskAsync("reset", cancellationToken);
        if (_database is null)
        {
            await _sender.AskAsync<Nothing>("prepare", new MessageCount(messages), cancellationToken);
        }
        else
        {
            var generator = new IdGenerator(TimeProvider.System);
            var ids = Enumerable.Range(0, messages).Select(_ => generator.NewMessageId().Value).ToArray();
            var shape = _settings.Shape with { FirstMessage = _drained };
            await _database.StartLogAsync(cancellationToken);
            await _database.AddMessagesAsync(ids, shape, cancellationToken);
            await _sender.AskAsync<Nothing>("prepare", new MessageCount(messages), cancellationToken);
            committedAt = await _database.AddToOutboxAsync(ids, shape, cancellationToken);
        }

        var begun = await _sender.AskAsync<Beginning>("begin", null, cancellationToken);
        await _receiver.AskAsync<ReceiverCount>(
            "wait", new ReceiverGoal(messages, _settings.Quiet.TotalSeconds), cancellationToken);
        _drained += messages;
        return begun.CommittedAt ?? committedAt!.Value;
    }

    private async Task CheckAsync(ReceiverCount received, Contents? inMemory, CancellationToken cancellationToken)
    {
        if (received.Distinct != _settings.Messages)
        {
            Problems.Add($"{received.Distinct} of {_settings.Messages} messages were delivered.");
        }

        var contents = _database is null ? inMemory : await _database.ReadContentsAsync(cancellationToken);
        var delivered = _history + _drained;
        if (contents is not null
            && contents != new Contents(0, delivered, delivered, 0, Math.Max(contents.Attempts, _drained), _drained))
        {
            Problems.Add($"After {_drained} messages the store holds {contents}.");
        }
    }
}
