using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Flow;

/// <summary>Nodes that publish and dispatch at the same time, and their receivers, each in a process of its own.</summary>
internal sealed class FlowRun : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhookkit-load-");
    private readonly FlowSettings _settings;
    private readonly LoadDatabase? _database;
    private readonly RoleProcess _receiver;
    private readonly RoleProcess? _hanging;
    private readonly List<RoleProcess> _dispatching = [];
    private readonly List<RoleProcess> _publishing = [];

    private FlowRun(FlowSettings settings, LoadDatabase? database, RoleProcess receiver, RoleProcess? hanging)
    {
        _settings = settings;
        _database = database;
        _receiver = receiver;
        _hanging = hanging;
    }

    public List<string> Problems { get; } = [];

    /// <param name="settings">Who publishes and dispatches.</param>
    /// <param name="database">A fresh one, which is given over; null for the store in memory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FlowRun> StartAsync(FlowSettings settings, LoadDatabase? database, CancellationToken cancellationToken)
    {
        var receiver = await RoleProcess.StartAsync(ReceiverRole.Name, new ReceiverSettings(0), cancellationToken);
        var hanging = settings.Hanging == 0
            ? null
            : await RoleProcess.StartAsync(ReceiverRole.Name, new ReceiverSettings(ReceiverSettings.Forever), cancellationToken);
        var run = new FlowRun(settings, database, receiver, hanging);
        await run.StartNodesAsync(cancellationToken);
        return run;
    }

    /// <summary>Publishes, shared among the publishing nodes, and waits until everything has arrived.</summary>
    public async Task<Latencies> PublishAsync(int messages, double? messagesPerSecond, CancellationToken cancellationToken)
    {
        await _receiver.AskAsync("reset", cancellationToken);
        var each = messages / _publishing.Count / _settings.PerSave * _settings.PerSave;
        var commitFiles = _publishing.Select((_, node) => Path.Combine(_folder.FullName, $"commits-{node}")).ToArray();
        await Task.WhenAll(_publishing.Select((node, number) => node.AskAsync<Nothing>(
            "publish",
            new FlowOrder(each, _settings.PerSave, _settings.Writers, messagesPerSecond / _publishing.Count, commitFiles[number]),
            cancellationToken)));

        var published = each * _publishing.Count;
        var count = await _receiver.AskAsync<ReceiverCount>(
            "wait", new ReceiverGoal(published, Quiet.TotalSeconds), cancellationToken);
        if (count.Distinct != published)
        {
            Problems.Add($"{count.Distinct} of {published} messages were delivered.");
        }

        var arrivalFile = Path.Combine(_folder.FullName, "arrivals");
        await _receiver.AskAsync<Nothing>("save", arrivalFile, cancellationToken);
        return Latencies.Read(commitFiles, arrivalFile);
    }

    /// <summary>Stops the nodes and looks at what the store holds.</summary>
    public async Task<SendingResult> FinishAsync(int published, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(_dispatching.Select(
            node => node.AskAsync<SendingResult>("finish", null, cancellationToken)));
        var contents = _database is null ? results[0].Contents : await _database.ReadContentsAsync(cancellationToken);
        if (contents is not null && contents != new Contents(0, published, published, 0, Math.Max(contents.Attempts, published), published))
        {
            Problems.Add($"After {published} messages the store holds {contents}.");
        }

        return results.MaxBy(result => result.PeakRssMiB)!;
    }

    /// <summary>How many requests have reached the endpoints that never answer.</summary>
    public async Task<int> CountHangingRequestsAsync(CancellationToken cancellationToken) =>
        _hanging is null ? 0 : (await _hanging.AskAsync<ReceiverCount>("count", null, cancellationToken)).Requests;

    /// <summary>Ends the nodes without waiting for what hangs.</summary>
    public void Kill() => _dispatching.ForEach(node => node.Kill());

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _dispatching.Union(_publishing).Append(_receiver))
        {
            await process.DisposeAsync();
        }

        await (_hanging?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    private async Task StartNodesAsync(CancellationToken cancellationToken)
    {
        var targets = new List<Target> { await TargetAsync(_receiver, _settings.Shape.Endpoints, cancellationToken) };
        if (_hanging is not null)
        {
            targets.Add(await TargetAsync(_hanging, _settings.Hanging, cancellationToken));
        }

        var node = new SenderSettings(
            _database?.Settings ?? new StoreSettings(StoreKind.Memory, ""), _settings.Shape, targets, MaxInFlight: 1_000,
            IsNotifying: _settings.IsNotifying,
            IsTimingCommits: true);
        for (var i = 0; i < _settings.Nodes; i++)
        {
            _dispatching.Add(await StartNodeAsync(node, cancellationToken));
        }

        _publishing.AddRange(
            _settings.IsApart ? [await StartNodeAsync(node with { IsDispatching = false }, cancellationToken)] : _dispatching);
    }

    private static async Task<RoleProcess> StartNodeAsync(SenderSettings settings, CancellationToken cancellationToken)
    {
        var node = await RoleProcess.StartAsync(SenderRole.Name, settings, cancellationToken);
        await node.AskAsync("start", cancellationToken);
        return node;
    }

    private static async Task<Target> TargetAsync(RoleProcess receiver, int endpoints, CancellationToken cancellationToken)
    {
        var address = await receiver.AskAsync<ReceiverAddress>("address", null, cancellationToken);
        return new Target(address.Url, endpoints);
    }
}
