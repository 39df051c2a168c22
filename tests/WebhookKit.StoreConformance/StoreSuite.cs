using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;

namespace WebhookKit.StoreConformance;

/// <summary>What the suites have in common: a fresh store for each test, and the data to fill it with.</summary>
public abstract class StoreSuite : IAsyncLifetime
{
    /// <summary>Longer than any test takes, so that no lease ends before a test moves the clock.</summary>
    protected static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(10);

    /// <summary>How far a store's real clock may run during a test.</summary>
    protected static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private StoreHarness? _store;

    protected StoreHarness Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    protected IdGenerator Ids { get; } = new(TimeProvider.System);

    protected abstract Task<StoreHarness> CreateAsync();

    public async Task InitializeAsync() => _store = await CreateAsync();

    public async Task DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    protected WebhookMessage NewMessage(
        string? tenantId = null, string? key = null, string payload = "{}", string eventType = "order.paid") => new()
        {
            Id = Ids.NewMessageId(),
            TenantId = tenantId,
            EventType = eventType,
            Payload = Encoding.UTF8.GetBytes(payload),
            OccurredAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            IdempotencyKey = key,
        };

    protected WebhookMessage[] NewMessages(int count) => [.. Enumerable.Range(0, count).Select(_ => NewMessage())];

    protected NewDelivery NewDelivery(MessageId messageId, EndpointId endpointId) =>
        new() { Id = Ids.NewDeliveryId(), MessageId = messageId, EndpointId = endpointId };

    protected static WebhookEndpoint NewEndpoint(string name, string? tenantId = null) => new()
    {
        Id = EndpointId.Declared(tenantId, name),
        TenantId = tenantId,
        Name = name,
        Url = $"https://{name}.example/hooks",
        EventTypes = ["order.*"],
    };

    /// <summary>Makes the declared endpoints be exactly these, and gives their ids in order.</summary>
    protected async Task<EndpointId[]> DeclareAsync(params string[] names)
    {
        var endpoints = names.Select(name => NewEndpoint(name)).ToArray();
        await Store.Endpoints.DeclareAsync(endpoints, deployment: 1, default);
        return [.. endpoints.Select(endpoint => endpoint.Id)];
    }

    /// <summary>Plans one delivery for each message and endpoint.</summary>
    protected FanOutPlanner PlanFor(params EndpointId[] endpoints) => Plan(message =>
        endpoints.Select(endpoint => NewDelivery(message.Id, endpoint)));

    protected static FanOutPlanner Plan(Func<WebhookMessage, IEnumerable<NewDelivery>> plan) =>
        (messages, _) => [.. messages.SelectMany(plan)];

    protected static readonly FanOutPlanner PlanNothing = Plan(_ => []);

    /// <summary>Leases up to 100 of everything that is due at the endpoints.</summary>
    protected ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAllAsync(params EndpointId[] endpoints) =>
        Store.Deliveries.LeaseAsync(
            [.. endpoints.Select(endpoint => new LeaseBudget(endpoint, 100, 100))], Ids.NewLeaseId(), LeaseDuration, default);

    protected static void AssertClose(TimeSpan expected, TimeSpan actual) =>
        Assert.InRange(actual, expected - Slack, expected + Slack);
}
