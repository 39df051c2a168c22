using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Identifiers;
using WebhookKit.Sources;

namespace WebhookKit.Inbox;

/// <summary>Handles with the host what the inbox keeps, each source by a loop of its own.</summary>
/// <remarks>
/// The loops are made when they start, so that a missing store is reported by the start-up checks. A source that
/// configuration brings later gets its loop when it is seen; one that it takes away keeps it, for what is left of it.
/// </remarks>
internal sealed class InboxService(
    IServiceProvider services,
    SourceRegistry sources,
    InboxSignal signal,
    IdGenerator ids,
    TimeProvider timeProvider,
    ILogger<InboxService> logger) : BackgroundService
{
    private readonly CancellationTokenSource _hurry = new();
    private InboxRunner? _runner;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(_hurry.Cancel);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _hurry.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = new Dictionary<string, Task>(StringComparer.OrdinalIgnoreCase);
        try
        {
            while (true)
            {
                foreach (var source in sources.Snapshot.Sources.Where(source => source.HasInbox && !loops.ContainsKey(source.Name)))
                {
                    loops.Add(source.Name, CreateLoop(source).RunAsync(stoppingToken, _hurry.Token));
                }

                await Task.Delay(InboxDefaults.PollInterval, timeProvider, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        await Task.WhenAll(loops.Values);
    }

    private InboxLoop CreateLoop(Source source) => new(
        source.Name,
        source.Inbox!,
        source.HandlerTimeout,
        services.GetRequiredService<IInboxStore>(),
        _runner ??= ActivatorUtilities.CreateInstance<InboxRunner>(services),
        signal,
        ids,
        timeProvider,
        logger);
}
