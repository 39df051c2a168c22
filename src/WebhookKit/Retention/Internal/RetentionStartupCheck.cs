using Microsoft.Extensions.Options;
using WebhookKit.DependencyInjection;

namespace WebhookKit.Retention.Internal;

/// <summary>Reports retention options out of bounds.</summary>
internal sealed class RetentionStartupCheck(IOptions<WebhooksOptions> options) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        var retention = options.Value.Retention;
        (string Name, TimeSpan? Age)[] ages =
        [
            (nameof(retention.Succeeded), retention.Succeeded),
            (nameof(retention.DeadLettered), retention.DeadLettered),
            (nameof(retention.Skipped), retention.Skipped),
            (nameof(retention.Canceled), retention.Canceled),
            (nameof(retention.Messages), retention.Messages),
            (nameof(retention.DeletedEndpoints), retention.DeletedEndpoints),
            (nameof(retention.HandledEvents), retention.HandledEvents),
            (nameof(retention.DeadLetteredEvents), retention.DeadLetteredEvents),
        ];
        foreach (var (name, age) in ages)
        {
            if (age <= TimeSpan.Zero || age > RetentionDefaults.Longest)
            {
                yield return $"WebhooksOptions.Retention.{name} is {age}: set it to more than zero and at most "
                    + $"{RetentionDefaults.Longest.TotalDays:F0} days, or to null to keep for ever.";
            }
        }

        if (retention.Interval <= TimeSpan.Zero || retention.Interval > TimeSpan.FromDays(1))
        {
            yield return $"WebhooksOptions.Retention.Interval is {retention.Interval}: set it to more than zero and at most 1 day, "
                + "or set IsDisabled to leave deleting to other processes.";
        }

        if (retention.BatchSize is < 1 or > RetentionDefaults.MaxBatchSize)
        {
            yield return $"WebhooksOptions.Retention.BatchSize is {retention.BatchSize}: set it from 1 to {RetentionDefaults.MaxBatchSize}.";
        }
    }
}
