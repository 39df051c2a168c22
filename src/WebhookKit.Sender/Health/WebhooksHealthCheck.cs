using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using WebhookKit.Diagnostics;
using WebhookKit.Dispatch;
using WebhookKit.Endpoints.Registry;

namespace WebhookKit.Health;

/// <summary>Says how the dispatcher of this process and its store are.</summary>
internal sealed class WebhooksHealthCheck(IServiceProvider services, WebhooksHealthOptions options) : IHealthCheck
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<DispatchStatus>() is not { } status)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "There is no sender: call AddWebhooks().AddSender(…).");
        }

        var report = new HealthReport();
        CheckDispatcher(report, status);
        CheckSecrets(report);
        await CheckSnapshotAsync(report, cancellationToken).ConfigureAwait(false);
        return report.ToResult(context.Registration.FailureStatus);
    }

    private void CheckDispatcher(HealthReport report, DispatchStatus status)
    {
        if (services.GetRequiredService<IOptions<SenderOptions>>().Value.IsDispatcherDisabled)
        {
            report.Add("dispatcher", "disabled");
            return;
        }

        report.Add("dispatcher", status.IsRunning ? "running" : "stopped");
        if (!status.IsRunning)
        {
            report.Find(HealthStatus.Unhealthy, "The dispatcher does not run: it has not begun, or was stopped.");
        }

        if (status.OldestDue is { } oldestDue)
        {
            report.Add("oldestDueSeconds", oldestDue);
        }

        if (status.Outage is { } outage)
        {
            var lasts = services.GetRequiredService<TimeProvider>().GetUtcNow() - outage.Since;
            report.Add("outageStep", outage.Step);
            report.Add("outageSeconds", lasts);
            report.Find(
                lasts > options.UnhealthyOutage ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                $"The store has failed since {outage.Since:O}, first at the step '{outage.Step}'.");
        }

        if (status.SinceLastRound is { } age)
        {
            report.Add("lastRoundSeconds", age);
            if (status.IsRunning && age > options.UnhealthyRoundAge)
            {
                report.Find(HealthStatus.Unhealthy, $"The dispatcher has completed no round for {age.TotalSeconds:0} s.");
            }
        }
    }

    private void CheckSecrets(HealthReport report)
    {
        if (services.GetService<IWebhookEndpoints>() is not null && services.GetRequiredService<SecretCanary>().Error is { } error)
        {
            report.Find(HealthStatus.Unhealthy, $"Stored secrets cannot be read, so that nothing is sent with them. {error}");
        }
    }

    private async ValueTask CheckSnapshotAsync(HealthReport report, CancellationToken cancellationToken)
    {
        if (services.GetService<IStoreDiagnostics>() is not { } diagnostics)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StorePatience);
        try
        {
            if (await diagnostics.GetOldestSnapshotAgeAsync(patience.Token).ConfigureAwait(false) is { } age)
            {
                report.Add("oldestSnapshotSeconds", age);
                if (age > options.DegradedSnapshotAge)
                {
                    report.Find(
                        age > options.UnhealthySnapshotAge ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                        $"A transaction has been open in the database for {age.TotalSeconds:0} s; leases grow slower while it lasts.");
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            report.Find(HealthStatus.Degraded, $"The store does not answer: {exception.GetType().Name}.");
        }
    }
}
