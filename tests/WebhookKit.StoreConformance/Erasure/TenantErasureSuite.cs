using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Erasure;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Erasure;

/// <summary>What every store promises about erasing a tenant: all of it, nobody else's, in batches that can be stopped.</summary>
public abstract class TenantErasureSuite : DeliverySuite
{
    private const int BatchSize = 3;
    private const string Filter = """{"data":{"customer":{"email":"ada@acme.example"}}}""";

    private static readonly Dictionary<string, string> NoMetadata = [];

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EraseTenantAsync_Endpoint_KeepsNothingThatPeopleWroteButItsEventTypes(bool isDeclared)
    {
        var id = isDeclared ? await DeclareEndpointAsync("acme") : await AddEndpointAsync("acme");
        var (found, shown) = (await ReadEndpointAsync(id), await Store.Registry.FindAsync(id, default));
        Assert.Equal((Filter, 3), (found.Filter, found.Policy?.MaxInFlight));
        Assert.Equal((Filter, 3), (shown!.Settings.Filter, shown.Settings.Policy.MaxInFlight));

        await Erasure.EraseTenantAsync("acme");

        var emptied = new EndpointSettings { Url = "", EventTypes = found.EventTypes, IsOrdered = true, SkipFailingHead = true };
        AssertSame(
            found with
            {
                Url = "",
                Filter = null,
                Policy = null,
                Status = EndpointStatus.Disabled,
                StatusReason = EndpointStatusReason.Erased,
                Version = found.Version + 1,
                SecretsVersion = found.SecretsVersion + 1,
            },
            await ReadEndpointAsync(id));
        AssertSame(
            shown with
            {
                Settings = emptied,
                Status = EndpointStatus.Disabled,
                StatusReason = EndpointStatusReason.Erased,
                Version = shown.Version + 1,
                SecretsVersion = shown.SecretsVersion + 1,
            },
            (await Store.Registry.FindAsync(id, default))!);
        Assert.Empty((await Store.Registry.GetSecretsAsync([id], default)).SelectMany(endpoint => endpoint.Secrets));
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

    private async Task<EndpointId> DeclareEndpointAsync(string tenantId)
    {
        var endpoint = NewEndpoint("orders", tenantId) with
        {
            Filter = Filter,
            IsOrdered = true,
            SkipFailingHead = true,
            Policy = new EndpointPolicy { MaxInFlight = 3 },
        };
        await Store.Endpoints.DeclareAsync([endpoint], deployment: 1, default);
        return endpoint.Id;
    }

    private async Task<EndpointId> AddEndpointAsync(string tenantId)
    {
        var endpoint = new RegisteredEndpoint
        {
            Id = Ids.NewEndpointId(),
            TenantId = tenantId,
            Settings = new EndpointSettings
            {
                Url = "https://acme.example/hooks",
                Description = "For Ada",
                Metadata = new Dictionary<string, string> { ["owner"] = "Ada" },
                EventTypes = ["order.*"],
                Filter = Filter,
                IsOrdered = true,
                SkipFailingHead = true,
                Policy = new EndpointPolicy { MaxInFlight = 3 },
            },
            Version = 1,
            SecretsVersion = 1,
        };
        var secret = new StoredSecret { Purpose = StoredSecretPurpose.Signing, Number = 1, Value = "whsec_plain", CreatedAt = DateTimeOffset.UnixEpoch };
        Assert.True(await Store.Registry.AddAsync(endpoint, [secret], maxOfTenant: 10, default));
        return endpoint.Id;
    }

    private static void AssertSame(WebhookEndpoint expected, WebhookEndpoint actual)
    {
        Assert.Equal(expected.EventTypes, actual.EventTypes);
        Assert.Equal(expected with { EventTypes = [] }, actual with { EventTypes = [] });
    }

    private static void AssertSame(RegisteredEndpoint expected, RegisteredEndpoint actual)
    {
        Assert.Equal(expected.Settings.EventTypes, actual.Settings.EventTypes);
        Assert.Empty(actual.Settings.Metadata);
        Assert.Equal(Plain(expected), Plain(actual));

        static RegisteredEndpoint Plain(RegisteredEndpoint endpoint) => endpoint with
        {
            Settings = endpoint.Settings with { EventTypes = [], Metadata = NoMetadata },
            Secrets = [],
            HeaderNames = [],
        };
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
