using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Inbox;
using WebhookKit.Retention;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Retention;

public sealed class SenderRetentionTests
{
    [Fact]
    public async Task Host_DeliveredPastItsTime_ForgetsDeliveryAttemptsAndMessage()
    {
        await using var receiver = await ScriptedReceiver.StartAsync();
        await using var sender = await StartAsync(builder =>
        {
            To(receiver)(builder);
            builder.Services.Configure<WebhooksOptions>(options =>
            {
                options.Retention.Succeeded = TimeSpan.FromMilliseconds(1);
                options.Retention.Messages = TimeSpan.FromMilliseconds(1);
                options.Retention.Interval = TimeSpan.FromMilliseconds(200);
            });
        });

        var id = await sender.PublishAsync();

        await UntilAsync(() => Task.FromResult(receiver.Requests.Count == 1), "the message arrives");
        await UntilAsync(() => Task.FromResult(Deleted(sender, "1 deliveries") && Deleted(sender, "1 messages")), "retention tells both");
        Assert.Empty(await sender.Deliveries.GetByMessageAsync(id, default));
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Host_EndpointDeletedPastItsTime_IsForgottenAfterItsDeliveries()
    {
        await using var receiver = await ScriptedReceiver.StartAsync();
        await using var sender = await StartAsync(builder =>
        {
            builder.AddEndpointRegistry();
            builder.Services.Configure<WebhooksOptions>(options =>
            {
                var moment = TimeSpan.FromMilliseconds(1);
                var retention = options.Retention;
                (retention.Succeeded, retention.DeadLettered, retention.Skipped, retention.Canceled) = (moment, moment, moment, moment);
                (retention.DeletedEndpoints, retention.Interval) = (moment, TimeSpan.FromMilliseconds(200));
            });
        });
        var settings = new EndpointSettings { Url = receiver.Url.ToString(), EventTypes = ["*"] };
        var endpoint = (await sender.Registry.CreateAsync(new NewEndpoint { Settings = settings, IsPaused = true })).Endpoint!.Id;
        var id = await sender.PublishAsync();
        await sender.WaitForAsync(id, DeliveryStatus.Pending);

        Assert.True((await sender.Registry.DeleteAsync(endpoint)).IsDone);

        await UntilAsync(() => Task.FromResult(Deleted(sender, "1 rows of deleted endpoints")), "retention tells");
        Assert.True(Deleted(sender, "1 deliveries"));
        Assert.Empty(await sender.Deliveries.GetByMessageAsync(id, default));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task DeletedEndpoints_AreKeptAtLeastAsLongAsDeliveries()
    {
        var options = Options.Create(new WebhooksOptions());
        var store = new FullStore();
        var step = new EndpointRetentionStep(options, Options.Create(new SenderOptions()), store);

        await RunAsync([step]);
        Assert.Equal(TimeSpan.FromDays(90), store.EndpointsOlderThan);
        options.Value.Retention.DeletedEndpoints = TimeSpan.FromDays(1);
        options.Value.Retention.Canceled = TimeSpan.FromDays(365);
        await RunAsync([step]);
        Assert.Equal(TimeSpan.FromDays(365), store.EndpointsOlderThan);
    }

    [Theory]
    [InlineData(nameof(RetentionOptions.DeletedEndpoints))]
    [InlineData(nameof(RetentionOptions.Succeeded))]
    [InlineData(nameof(RetentionOptions.DeadLettered))]
    [InlineData(nameof(RetentionOptions.Skipped))]
    [InlineData(nameof(RetentionOptions.Canceled))]
    public async Task DeletedEndpoints_TheyOrTheirDeliveriesAreKeptForEver_AreKept(string option)
    {
        var options = Options.Create(new WebhooksOptions());
        typeof(RetentionOptions).GetProperty(option)!.SetValue(options.Value.Retention, null);
        var store = new FullStore();

        Assert.Equal(0, Assert.Single(await RunAsync([new EndpointRetentionStep(options, Options.Create(new SenderOptions()), store)])));
        Assert.Null(store.EndpointsOlderThan);
    }

    [Fact]
    public async Task Steps_PublishOnlyNode_LeaveDeletingToTheDispatchers()
    {
        var (options, sender) = (Options.Create(new WebhooksOptions()), Options.Create(new SenderOptions()));
        IRetentionStep[] steps =
        [
            new DeliveryRetentionStep(options, sender, new FullStore()),
            new MessageRetentionStep(options, sender, new FullStore()),
            new IdempotencyKeyRetentionStep(options, sender, new FullStore()),
            new RedeliveryRetentionStep(options, sender, new FullStore()),
            new EndpointRetentionStep(options, sender, new FullStore()),
        ];
        var ofDispatcher = await RunAsync(steps);
        sender.Value.IsDispatcherDisabled = true;
        var ofPublishOnly = await RunAsync(steps);

        Assert.Equal([7, 7, 7, 7, 7], ofDispatcher);
        Assert.Equal([0, 0, 0, 0, 0], ofPublishOnly);
    }

    private static bool Deleted(SenderHarness sender, string what) =>
        sender.Log.Events.Any(logged => logged.Name == "RetentionDeleted" && logged.Text.Contains(what, StringComparison.Ordinal));

    private static async Task<int[]> RunAsync(IEnumerable<IRetentionStep> steps)
    {
        var deleted = new List<int>();
        foreach (var step in steps)
        {
            var ofStep = 0;
            await foreach (var batch in step.RunAsync(default))
            {
                ofStep += batch;
            }

            deleted.Add(ofStep);
        }

        return [.. deleted];
    }

    /// <summary>Has two batches of everything.</summary>
    private sealed class FullStore : IRetentionStore
    {
        private int _keys = 7;
        private int _redeliveries = 7;

        public TimeSpan? EndpointsOlderThan { get; private set; }

        public ValueTask<RetentionBatch<DeliveryId>> DeleteDeliveriesAsync(
            DeliveryRetention retention, DeliveryId? after, int maxDeliveries, CancellationToken cancellationToken) =>
            new(after is null ? new RetentionBatch<DeliveryId>(5, new DeliveryId(Guid.AllBitsSet)) : new RetentionBatch<DeliveryId>(2, null));

        public ValueTask<RetentionBatch<MessageId>> DeleteMessagesAsync(
            TimeSpan olderThan, MessageId? after, int maxMessages, CancellationToken cancellationToken) =>
            new(after is null ? new RetentionBatch<MessageId>(5, new MessageId(Guid.AllBitsSet)) : new RetentionBatch<MessageId>(2, null));

        public ValueTask<int> DeleteExpiredKeysAsync(int maxKeys, CancellationToken cancellationToken)
        {
            var deleted = Math.Min(_keys, 5);
            _keys -= deleted;
            return new(deleted);
        }

        public ValueTask<int> DeleteRedeliveriesAsync(TimeSpan olderThan, int maxRedeliveries, CancellationToken cancellationToken)
        {
            var deleted = Math.Min(_redeliveries, 5);
            _redeliveries -= deleted;
            return new(deleted);
        }

        public ValueTask<RetentionBatch<EndpointId>> DeleteEndpointsAsync(
            TimeSpan olderThan, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
        {
            EndpointsOlderThan = olderThan;
            return new(after is null ? new RetentionBatch<EndpointId>(5, new EndpointId(Guid.AllBitsSet)) : new RetentionBatch<EndpointId>(2, null));
        }

        public ValueTask<int> DeleteInboxEntriesAsync(
            InboxStatus status, TimeSpan olderThan, int maxEntries, CancellationToken cancellationToken) => new(0);
    }
}
