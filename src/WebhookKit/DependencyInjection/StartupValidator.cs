using Microsoft.Extensions.Hosting;

namespace WebhookKit.DependencyInjection;

/// <summary>Runs every <see cref="IStartupCheck"/> before hosted services start, and reports all errors at once.</summary>
internal sealed class StartupValidator(IEnumerable<IStartupCheck> checks) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var errors = checks.SelectMany(check => check.GetErrors()).ToArray();
        return errors.Length == 0 ? Task.CompletedTask : throw new WebhookConfigurationException(errors);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
