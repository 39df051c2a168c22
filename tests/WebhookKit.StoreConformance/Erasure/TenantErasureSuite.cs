using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Erasure;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Erasure;

/// <summary>What every store promises about erasing a tenant: all of it, nobody else's, in batches that can be stopped.</summary>
public abstract class TenantErasureSuite : DeliverySuite
{
    private const int BatchSize = 3;

    private IWebhookErasure Erasure => Store.Services.GetRequiredService<IWebhookErasure>();

    [Fact]
    public async Task EraseTenantAsync_NoTenant_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Erasure.EraseTenantAsync(""));
    }

    [Fact]
    public async Task EraseTenantAsync_EverythingOfTheTenant_IsErasedAndNothingElse()
    {
        var acme = await FillAsync("acme", messages: 7);
        var globex = await FillAsync("globex", messages: 2);
        var nobody = await FillAsync(null, messages: 2);

        var erased = await Erasure.EraseTenantAsync("acme");

        Assert.Equal(new ErasureProgress(Endpoints: 1, Messages: 7, CanceledDeliveries: 7, InboxEntries: 7), erased);
        await AssertErasedAsync(acme);
        await AssertKeptAsync(globex);
        await AssertKeptAsync(nobody);
    }

    [Fact]
    public async Task EraseTenantAsync_Again_FindsNothingMore()
    {
        await FillAsync("acme", messages: 4);
        await Erasure.EraseTenantAsync("acme");

        Assert.Equal(default, await Erasure.EraseTenantAsync("acme"));
    }

    [Fact]
    public async Task EraseTenantAsync_Progress_CountsUpToTheResult()
    {
        await FillAsync("acme", messages: 7);
        var reports = new Reports();
        Store.Services.GetRequiredService<IOptions<WebhooksOptions>>().Value.Retention.BatchSize = BatchSize;

        var erased = await Erasure.EraseTenantAsync("acme", reports);

        Assert.Equal(erased, reports.All[^1]);
        Assert.Equal([0, 3, 6, 7, 7, 7, 7], reports.All.Select(report => (int)report.Messages));
        Assert.Equal([0, 0, 0, 0, 3, 6, 7], reports.All.Select(report => (int)report.InboxEntries));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task EraseTenantAsync_StoppedInTheMiddle_EndsTheSameWhenCalledAgain(int reportsBeforeStop)
    {
        var acme = await FillAsync("acme", messages: 7);
        Store.Services.GetRequiredService<IOptions<WebhooksOptions>>().Value.Retention.BatchSize = BatchSize;
        using var stop = new CancellationTokenSource();
        var reports = new Reports(() => stop.Cancel(), reportsBeforeStop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Erasure.EraseTenantAsync("acme", reports, stop.Token));
        var before = reports.All[^1];
        var after = await Erasure.EraseTenantAsync("acme");

        Assert.Equal(new ErasureProgress(Endpoints: 1, Messages: 7, CanceledDeliveries: 7, InboxEntries: 7), before.Add(after));
        await AssertErasedAsync(acme);
    }

    private async Task<Filled> FillAsync(string? tenantId, int messages)
    {
        var endpoint = NewEndpoint("orders", tenantId);
        // A greater deployment leaves what an earlier call has declared.
        await Store.Endpoints.DeclareAsync([.. _endpoints, endpoint], deployment: 1, default);
        _endpoints.Add(endpoint);
        var made = Enumerable.Range(0, messages).Select(_ => NewMessage(tenantId)).ToArray();
        await Store.Outbox.AppendAsync(made, default);
        await Store.Outbox.FanOutPendingAsync(messages, PlanFor(endpoint.Id), default);
        await Store.Inbox.AppendAsync(
            [
                .. made.Select((_, i) => new InboxEntry
                {
                    Claim = new WebhookClaim("shop", tenantId, $"evt_{i}", ClaimDefaults.Memory),
                    EventType = "order.paid",
                    Payload = "{}"u8.ToArray(),
                }),
            ],
            default);
        return new Filled(tenantId, endpoint, made);
    }

    private readonly List<WebhookEndpoint> _endpoints = [];

    private async Task AssertErasedAsync(Filled filled)
    {
        var endpoint = await ReadEndpointAsync(filled.Endpoint.Id);
        Assert.Equal(("", EndpointStatus.Disabled, EndpointStatusReason.Erased), (endpoint.Url, endpoint.Status, endpoint.StatusReason));
        Assert.Empty(await Store.Outbox.GetMessagesAsync([.. filled.Messages.Select(message => message.Id)], default));
        foreach (var (message, i) in filled.Messages.Select((message, i) => (message, i)))
        {
            Assert.NotNull(await Store.Erasure.GetErasedAtAsync(message.Id, default));
            var delivery = Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default));
            Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.Erased), (delivery.Status, delivery.Reason));
            Assert.Equal(InboxStatus.Erased, await Store.Inbox.GetStatusAsync("shop", filled.TenantId, $"evt_{i}", default));
        }
    }

    private async Task AssertKeptAsync(Filled filled)
    {
        var endpoint = await ReadEndpointAsync(filled.Endpoint.Id);
        Assert.Equal((filled.Endpoint.Url, EndpointStatus.Enabled), (endpoint.Url, endpoint.Status));
        Assert.Equal(filled.Messages.Length, (await LeaseAllAsync(filled.Endpoint.Id)).Count);
        Assert.Equal(
            filled.Messages.Select(message => message.Id),
            (await Store.Outbox.GetMessagesAsync([.. filled.Messages.Select(message => message.Id)], default)).Select(message => message.Id));
        Assert.Equal(InboxStatus.Pending, await Store.Inbox.GetStatusAsync("shop", filled.TenantId, "evt_0", default));
    }

    private sealed record Filled(string? TenantId, WebhookEndpoint Endpoint, WebhookMessage[] Messages);

    // Not Progress<T>, which reports at some later time.
    private sealed class Reports(Action? onReport = null, int after = 0) : IProgress<ErasureProgress>
    {
        public List<ErasureProgress> All { get; } = [];

        public void Report(ErasureProgress value)
        {
            All.Add(value);
            if (All.Count == after)
            {
                onReport?.Invoke();
            }
        }
    }
}
