using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WebhookKit.Publishing;

namespace WebhookKit.Dispatch;

/// <summary>Runs the dispatch loop with the host.</summary>
/// <remarks>The loop is made when it starts, so that a missing store is reported by the start-up checks.</remarks>
internal sealed class Dispatcher(IServiceProvider services, DispatchSignal signal, IOptions<SenderOptions> options)
    : BackgroundService
{
    private readonly CancellationTokenSource _hurry = new();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Known before the host has started: a wake-up between processes listens only where somebody can be woken.
        signal.IsListening = !options.Value.IsDispatcherDisabled;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(_hurry.Cancel);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _hurry.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.IsDispatcherDisabled
            ? Task.CompletedTask
            : services.GetRequiredService<DispatchLoop>().RunAsync(stoppingToken, _hurry.Token);
}
