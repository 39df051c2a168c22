using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Identifiers;
using WebhookKit.StoreConformance;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>A fan-out has read an endpoint and not yet committed, while another node deletes the endpoint and what is left of it.</summary>
public sealed class EndpointRetentionRaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Age = TimeSpan.FromDays(90);

    private readonly IdGenerator _ids = new(TimeProvider.System);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FanOut_Postgres_WhatItMakesEndsCanceled(bool isPortable)
    {
        await using var nodes = await PostgresNodes.CreateAsync(isPortable ? Dialect.Portable : null);

        await RaceAsync(nodes.First, nodes.Second);
    }

    [Fact]
    public async Task FanOut_Sqlite_WhatItMakesEndsCanceled()
    {
        await using var store = await SqliteHarness.CreateAsync();

        await RaceAsync(store, store);
    }

    private async Task RaceAsync(StoreHarness first, StoreHarness second)
    {
        var endpoint = _ids.NewEndpointId();
        Assert.True(await first.Registry.AddAsync(
            new RegisteredEndpoint { Id = endpoint, Settings = new EndpointSettings { Url = "https://one.example", EventTypes = ["*"] } },
            [],
            maxOfTenant: 1,
            default));
        var message = new WebhookMessage
        {
            Id = _ids.NewMessageId(),
            EventType = "order.paid",
            Payload = "{}"u8.ToArray(),
            OccurredAt = DateTimeOffset.UnixEpoch,
        };
        await first.Outbox.AppendAsync([message], default);

        // 1. One node is about to make a delivery for the endpoint it has read.
        var planning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var fanOut = Task.Run(async () => await first.Outbox.FanOutPendingAsync(1, (messages, endpoints) =>
        {
            var target = Assert.Single(endpoints);
            planning.TrySetResult();
            Assert.True(release.Wait(Patience));
            return [new() { Id = _ids.NewDeliveryId(), MessageId = messages[0].Id, EndpointId = target.Id }];
        }, default));
        await planning.Task.WaitAsync(Patience);

        // 2. Another deletes the endpoint, so long ago that nothing of it is kept, and cannot see that delivery.
        Assert.True(await second.Registry.DeleteAsync(endpoint, default));
        Assert.Equal(0, await second.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        await second.AdvanceAsync(Age + TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await second.Retention.DeleteEndpointsAsync(Age, null, 10, default)).Deleted);

        // 3. The delivery is there now, and whoever sweeps cancels it.
        release.Set();
        Assert.Single((await fanOut.WaitAsync(Patience)).Deliveries);
        Assert.Empty(await second.Deliveries.LeaseAsync(
            [new LeaseBudget(endpoint, 1, 1)], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default));
        var found = Assert.Single(await second.Deliveries.SweepAsync(null, 10, default));
        Assert.Equal((endpoint, EndpointStatus.Disabled), (found.EndpointId, found.Status));
        Assert.Equal(1, await second.Deliveries.SkipDisabledAsync(endpoint, 10, default));

        var delivery = Assert.Single(await first.Deliveries.GetByMessageAsync(message.Id, default));
        Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted), (delivery.Status, delivery.Reason));
    }
}
