using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>What is erased is in no column of any table any more.</summary>
public sealed class SqliteErasedBytesTests : IAsyncLifetime
{
    private const string Secret = "Ada Lovelace";
    private const string Tenant = "acme";

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private SqliteHarness _store = null!;

    private IWebhookErasure Erasure => _store.Services.GetRequiredService<IWebhookErasure>();

    public async Task InitializeAsync() => _store = (SqliteHarness)await SqliteHarness.CreateAsync();

    public Task DisposeAsync() => _store.DisposeAsync().AsTask();

    [Fact]
    public async Task EraseTenant_EveryTable_HoldsNothingOfIt()
    {
        await FillAsync();
        string[] full =
        [
            "webhook_attempts.error", "webhook_attempts.response", "webhook_deliveries.ordering_key", "webhook_endpoints.url",
            "webhook_inbox.error", "webhook_inbox.ordering_key", "webhook_inbox.payload", "webhook_messages.idempotency_key", "webhook_messages.ordering_key",
            "webhook_messages.payload", "webhook_messages.trace_parent",
        ];
        Assert.Equal(full, await FindAsync());

        await Erasure.EraseTenantAsync(Tenant);

        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task EraseMessage_EveryTable_HoldsNothingOfIt()
    {
        var message = await FillAsync();

        Assert.True(await Erasure.EraseMessageAsync(message));

        Assert.Equal(["webhook_endpoints.url"], await FindAsync());
    }

    private async Task<MessageId> FillAsync()
    {
        var endpoint = new WebhookEndpoint
        {
            Id = EndpointId.Declared(Tenant, "orders"),
            TenantId = Tenant,
            Name = "orders",
            Url = $"https://one.example/?user={Secret}",
            EventTypes = ["*"],
        };
        await _store.Endpoints.DeclareAsync([endpoint], deployment: 1, default);
        var message = new WebhookMessage
        {
            Id = _ids.NewMessageId(),
            TenantId = Tenant,
            EventType = "order.paid",
            Payload = Encoding.UTF8.GetBytes($$"""{"name":"{{Secret}}"}"""),
            OccurredAt = DateTimeOffset.UnixEpoch,
            OrderingKey = Secret,
            IdempotencyKey = Secret,
            TraceParent = Secret,
        };
        await _store.Outbox.AppendAsync([message], default);
        await _store.Outbox.FanOutPendingAsync(
            1,
            (_, _) => [new() { Id = _ids.NewDeliveryId(), MessageId = message.Id, EndpointId = endpoint.Id, OrderingKey = Secret }],
            default);
        var leased = await _store.Deliveries.LeaseAsync(
            [new LeaseBudget(endpoint.Id, 1, 1)], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default);
        await _store.Deliveries.CompleteAsync(
            [
                new DeliveryCompletion
                {
                    Delivery = Assert.Single(leased),
                    Status = DeliveryStatus.Pending,
                    Attempt = new Attempt
                    {
                        Id = _ids.NewAttemptId(),
                        StartedAt = DateTimeOffset.UnixEpoch,
                        Duration = TimeSpan.Zero,
                        Outcome = AttemptOutcome.ReceiverError,
                        Response = Encoding.UTF8.GetBytes($"no such user: {Secret}"),
                        Error = $"no such user: {Secret}",
                    },
                },
            ],
            [],
            default);
        await FillInboxAsync(message.Id);
        return message.Id;
    }

    private async Task FillInboxAsync(MessageId message)
    {
        var entry = new InboxEntry
        {
            Claim = new WebhookClaim("shop", Tenant, message.ToString(), ClaimDefaults.Memory),
            EventType = "order.paid",
            OrderingKey = Secret,
            Payload = Encoding.UTF8.GetBytes(Secret),
        };
        await _store.Inbox.AppendAsync([entry], default);
        var leased = await _store.Inbox.LeaseAsync("shop", 1, _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default);
        await _store.Inbox.CompleteAsync([new InboxCompletion(leased[0], InboxStatus.DeadLettered, Error: Secret)], default);
    }

    /// <summary>Finds the columns in which the secret stands, as text or as bytes.</summary>
    private async Task<string[]> FindAsync() =>
        [.. (await _store.ReadTablesAsync())
            .Where(cell => (cell.Value as byte[] ?? Encoding.UTF8.GetBytes(cell.Value.ToString()!)).AsSpan()
                .IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0)
            .Select(cell => cell.Column)
            .Distinct()
            .Order(StringComparer.Ordinal)];
}
