using Microsoft.Extensions.Options;
using WebhookKit.Retention.Internal;

namespace WebhookKit.Tests.Retention;

public sealed class RetentionStartupCheckTests
{
    [Fact]
    public void GetErrors_Defaults_AreValid() => Assert.Empty(Check(_ => { }));

    [Fact]
    public void GetErrors_KeptForEver_IsValid() => Assert.Empty(Check(retention =>
    {
        retention.Succeeded = null;
        retention.DeadLettered = null;
        retention.Skipped = null;
        retention.Canceled = null;
        retention.Messages = null;
        retention.DeletedEndpoints = null;
        retention.HandledEvents = null;
        retention.DeadLetteredEvents = null;
    }));

    [Fact]
    public void GetErrors_EverythingOutOfBounds_NamesEachWithItsCure()
    {
        var errors = Check(retention =>
        {
            retention.Succeeded = TimeSpan.Zero;
            retention.DeadLettered = TimeSpan.FromDays(-1);
            retention.Skipped = TimeSpan.FromDays(40_000);
            retention.Canceled = TimeSpan.Zero;
            retention.Messages = TimeSpan.Zero;
            retention.DeletedEndpoints = TimeSpan.Zero;
            retention.HandledEvents = TimeSpan.Zero;
            retention.DeadLetteredEvents = TimeSpan.MaxValue;
            retention.Interval = TimeSpan.FromDays(2);
            retention.BatchSize = 0;
        });

        Assert.Collection(
            errors,
            error => Assert.Contains("Retention.Succeeded is 00:00:00: set it to more than zero", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.DeadLettered is -1.00:00:00", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.Skipped is 40000.00:00:00", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.Canceled", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.Messages", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.DeletedEndpoints", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.HandledEvents", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.DeadLetteredEvents", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.Interval is 2.00:00:00: set it to more than zero and at most 1 day", error, StringComparison.Ordinal),
            error => Assert.Contains("Retention.BatchSize is 0: set it from 1 to 2000", error, StringComparison.Ordinal));
        Assert.All(errors.Take(8), error => Assert.Contains("null to keep for ever", error, StringComparison.Ordinal));
    }

    private static string[] Check(Action<RetentionOptions> configure)
    {
        var options = new WebhooksOptions();
        configure(options.Retention);
        return [.. new RetentionStartupCheck(Options.Create(options)).GetErrors()];
    }
}
