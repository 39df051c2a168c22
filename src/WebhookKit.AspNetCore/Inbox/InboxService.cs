using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Identifiers;
using WebhookKit.Sources;

namespace WebhookKit.Inbox;

/// <summary>Handles with the host what the inbox keeps, each source by a loop of its own.</summary>
/// <remarks>The loops are made when they start, so that a missing store is reported by the start-up checks.</remarks>
internal sealed class InboxService(
    IServiceProvider services,
    IEnumerable<SourceDeclaration> declarations,
    InboxSignal signal,
    IdGenerator ids,
    TimeProvider timeProvider,
    ILogger<InboxService> logger) : BackgroundService
{
    private readonly CancellationTokenSource _hurry = new();

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

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SourceDeclaration[] kept = [.. declarations.Where(source => source.Inbox is not null)];
        if (kept.Length == 0)
        {
            return Task.CompletedTask;
        }

        var runner = ActivatorUtilities.CreateInstance<InboxRunner>(services);
        var loops = kept.Select(source => new InboxLoop(
            source.Name,
            source.Inbox!,
            source.HandlerTimeout,
            services.GetRequiredService<IInboxStore>(),
            runner,
            signal,
            ids,
            timeProvider,
            logger));
        return Task.WhenAll(loops.Select(loop => loop.RunAsync(stoppingToken, _hurry.Token)));
    }
}
