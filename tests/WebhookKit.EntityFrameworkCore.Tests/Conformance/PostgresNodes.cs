using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Two processes on one database, whose transactions really overlap: each waits inside its own until the other is there.</summary>
internal sealed class PostgresNodes : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IdGenerator _ids = new(TimeProvider.System);

    private PostgresNodes(PostgresHarness first)
    {
        First = first;
        Second = first.CreateSecond();
    }

    public PostgresHarness First { get; }

    public PostgresHarness Second { get; }

    public static async Task<PostgresNodes> CreateAsync(Dialect? dialect = null) =>
        new(await PostgresHarness.CreateFirstAsync(dialect));

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }

    public static IReadOnlyList<NewDelivery> PlanNothing(
        IReadOnlyList<WebhookMessage> messages, IReadOnlyList<WebhookEndpoint> endpoints) => [];

    public static DeliveryCompletion Succeed(LeasedDelivery leased) =>
        new() { Delivery = leased, Status = DeliveryStatus.Succeeded };

    public async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(PostgresHarness node, EndpointId endpoint, int count) =>
        await node.Deliveries.LeaseAsync([new LeaseBudget(endpoint, count, count)], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default);

    public async Task<EndpointId> MakeDueAsync(int count)
    {
        var endpoint = await DeclareAsync();
        await AppendAsync(count);
        await First.Outbox.FanOutPendingAsync(count, PlanFor(endpoint), default);
        return endpoint;
    }

    public async Task<EndpointId> DeclareAsync()
    {
        var endpoint = new WebhookEndpoint { Id = EndpointId.Declared(null, "one"), Name = "one", Url = "https://one.example", EventTypes = ["*"] };
        await First.Endpoints.DeclareAsync([endpoint], deployment: 1, default);
        return endpoint.Id;
    }

    public FanOutPlanner PlanFor(EndpointId endpoint) => (messages, _) => [.. messages.Select(message => new NewDelivery
    {
        Id = _ids.NewDeliveryId(),
        MessageId = message.Id,
        EndpointId = endpoint,
        OrderingKey = message.OrderingKey,
    })];

    public async Task<WebhookMessage[]> AppendAsync(int count, string? orderingKey = null)
    {
        WebhookMessage[] messages = [.. Enumerable.Range(0, count).Select(_ => NewMessage(key: null) with { OrderingKey = orderingKey })];
        await First.Outbox.AppendAsync(messages, default);
        return messages;
    }

    public WebhookMessage NewMessage(string? key) => new()
    {
        Id = _ids.NewMessageId(),
        EventType = "order.paid",
        Payload = "{}"u8.ToArray(),
        OccurredAt = DateTimeOffset.UnixEpoch,
        IdempotencyKey = key,
    };
}
