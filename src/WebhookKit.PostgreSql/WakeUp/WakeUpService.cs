using Microsoft.Extensions.Hosting;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Listens and notifies while the host runs: begun after the dispatcher, ended after it.</summary>
internal sealed class WakeUpService(WakeUpListener listener, WakeUpNotifier notifier, DispatchSignal signal)
    : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var listening = signal.IsListening ? listener.RunAsync(_stopping.Token) : Task.CompletedTask;
        _running = Task.WhenAll(listening, notifier.RunAsync(_stopping.Token));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }
}
