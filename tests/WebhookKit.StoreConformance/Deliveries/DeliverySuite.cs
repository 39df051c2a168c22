using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>What the suites of the delivery store have in common: deliveries made by fan-out, and their completions.</summary>
public abstract class DeliverySuite : StoreSuite
{
    /// <summary>Makes one delivery of a new message for each of the given due times, in their order.</summary>
    protected async Task<Delivery[]> MakeAsync(EndpointId endpoint, params TimeSpan[] dueIn)
    {
        var messages = NewMessages(dueIn.Length);
        await Store.Outbox.AppendAsync(messages, default);
        var due = messages.Zip(dueIn).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        var made = await Store.Outbox.FanOutPendingAsync(dueIn.Length, Plan(message =>
            [NewDelivery(message.Id, endpoint) with { DueIn = due[message.Id] }]), default);
        Assert.Equal(dueIn.Length, made.Deliveries.Count);

        var deliveries = new List<Delivery>();
        foreach (var message in messages)
        {
            deliveries.Add(Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default)));
        }

        return [.. deliveries];
    }

    /// <summary>Makes deliveries that are due now.</summary>
    protected Task<Delivery[]> MakeDueAsync(EndpointId endpoint, int count) => MakeAsync(endpoint, new TimeSpan[count]);

    protected async Task<LeasedDelivery> MakeLeasedAsync(EndpointId endpoint)
    {
        var delivery = Assert.Single(await MakeDueAsync(endpoint, 1));
        return Assert.Single(await LeaseAllAsync(endpoint), leased => leased.Id == delivery.Id);
    }

    protected async Task<Delivery> ReadAsync(LeasedDelivery leased) =>
        Assert.Single(await Store.Deliveries.GetByMessageAsync(leased.MessageId, default), one => one.Id == leased.Id);

    protected async Task<EndpointState> ReadStateAsync(EndpointId endpoint) =>
        Assert.Single(await Store.Endpoints.GetStatesAsync([endpoint], default));

    protected async Task<WebhookEndpoint> ReadEndpointAsync(EndpointId endpoint) =>
        Assert.Single(await Store.Endpoints.GetAsync([endpoint], default));

    protected Attempt NewAttempt(AttemptOutcome outcome = AttemptOutcome.Succeeded) => new()
    {
        Id = Ids.NewAttemptId(),
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Duration = TimeSpan.FromMilliseconds(250),
        Outcome = outcome,
    };

    protected DeliveryCompletion Succeed(LeasedDelivery leased) => new()
    {
        Delivery = leased,
        Attempt = NewAttempt(),
        Status = DeliveryStatus.Succeeded,
    };

    protected DeliveryCompletion Fail(LeasedDelivery leased, TimeSpan nextAttemptIn = default) => new()
    {
        Delivery = leased,
        Attempt = NewAttempt(AttemptOutcome.ReceiverError),
        Status = DeliveryStatus.Pending,
        NextAttemptIn = nextAttemptIn,
    };

    protected ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(params DeliveryCompletion[] completions) =>
        Store.Deliveries.CompleteAsync(completions, [], default);

    /// <summary>Makes a delivery, completes it, and writes the health along.</summary>
    protected async Task WriteHealthAsync(EndpointHealth health) =>
        Assert.Empty(await Store.Deliveries.CompleteAsync([Succeed(await MakeLeasedAsync(health.EndpointId))], [health], default));
}
