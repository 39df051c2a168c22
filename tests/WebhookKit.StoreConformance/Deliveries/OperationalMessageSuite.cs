using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.StoreConformance.Deliveries;

/// <summary>What every store promises to those who are told of what a batch of outcomes changed.</summary>
public abstract class OperationalMessageSuite : DeliverySuite
{
    private readonly List<(EndpointId Id, EndpointHealthChange Change)> _changes = [];
    private readonly List<DeliveryId> _deadLettered = [];
    private readonly List<WebhookMessage> _messages = [];

    [Fact]
    public async Task Complete_CircuitOpens_TellsOnceThatItFailsAndOnceThatItRecovers()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 30);
        var stock = await Store.Deliveries.LeaseAsync([new LeaseBudget(endpoint, 20, 20)], Ids.NewLeaseId(), LeaseDuration, default);
        await FailAsync(endpoint, stock.Take(9));
        Assert.Empty(_changes);

        await FailAsync(endpoint, stock.Skip(9).Take(1));
        await FailAsync(endpoint, stock.Skip(10).Take(10));
        Assert.Equal([(endpoint, EndpointHealthChange.Failing)], _changes);

        await Store.AdvanceAsync(TimeSpan.FromHours(1));
        await SucceedAsync(endpoint, Assert.Single(await LeaseAllAsync(endpoint)));
        Assert.Single(_changes);
        await Store.AdvanceAsync(TimeSpan.FromHours(1));
        await SucceedAsync(endpoint, (await LeaseAllAsync(endpoint))[0]);
        Assert.Equal([(endpoint, EndpointHealthChange.Failing), (endpoint, EndpointHealthChange.Recovered)], _changes);

        await AssertStoredAsync(2);
    }

    [Fact]
    public async Task Complete_Gone_TellsOnceThatItIsDisabledAndOfTheDeadLetter()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        await MakeDueAsync(endpoint, 2);
        var leased = await LeaseAllAsync(endpoint);

        foreach (var one in leased)
        {
            await CompleteAsync(
                [Fail(one) with { Status = DeliveryStatus.DeadLettered, Reason = DeliveryStatusReason.EndpointGone }],
                new EndpointHealth { EndpointId = endpoint, Failures = 1, DisableBecause = EndpointStatusReason.Gone });
        }

        Assert.Equal([(endpoint, EndpointHealthChange.Disabled)], _changes);
        Assert.Equal(leased.Select(one => one.Id), _deadLettered);
        await AssertStoredAsync(3);
    }

    [Fact]
    public async Task Complete_DeadLetterWithoutHealth_IsTold()
    {
        var leased = await MakeLeasedAsync((await DeclareAsync("one"))[0]);

        await CompleteAsync([new DeliveryCompletion
        {
            Delivery = leased,
            Status = DeliveryStatus.DeadLettered,
            Reason = DeliveryStatusReason.Abandoned,
        }]);

        Assert.Equal([leased.Id], _deadLettered);
        await AssertStoredAsync(1);
    }

    [Fact]
    public async Task Complete_SuccessesAndFailuresThatChangeNothing_TellNobody()
    {
        var endpoints = await DeclareAsync("one", "two");
        await MakeDueAsync(endpoints[0], 1);
        await MakeDueAsync(endpoints[1], 1);
        var leased = await LeaseAllAsync(endpoints);

        await CompleteAsync(
            [Succeed(leased.Single(one => one.EndpointId == endpoints[0])), Fail(leased.Single(one => one.EndpointId == endpoints[1]))],
            new EndpointHealth { EndpointId = endpoints[0], Successes = 1 },
            new EndpointHealth { EndpointId = endpoints[1], Failures = 1 });

        Assert.Empty(_changes);
        await AssertStoredAsync(0);
    }

    [Fact]
    public async Task Complete_LateOwner_TellsNobody()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var late = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(LeaseDuration + Slack);
        Assert.Single(await LeaseAllAsync(endpoint));

        Assert.Single(await Store.Deliveries.CompleteAsync(
            [Fail(late) with { Status = DeliveryStatus.DeadLettered, Reason = DeliveryStatusReason.EndpointGone }],
            [new EndpointHealth { EndpointId = endpoint, Failures = 1, DisableBecause = EndpointStatusReason.Gone }],
            Plan,
            default));

        Assert.Empty(_changes);
        Assert.Empty(_deadLettered);
        Assert.Equal(EndpointStatus.Enabled, (await ReadEndpointAsync(endpoint)).Status);
        await AssertStoredAsync(0);
    }

    [Fact]
    public async Task Complete_TellingFails_ChangesNothingAtAll()
    {
        var endpoint = (await DeclareAsync("one"))[0];
        var leased = await MakeLeasedAsync(endpoint);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await Store.Deliveries.CompleteAsync(
            [Fail(leased) with { Status = DeliveryStatus.DeadLettered, Reason = DeliveryStatusReason.Exhausted }],
            [new EndpointHealth { EndpointId = endpoint, Failures = 1 }],
            (_, _) => throw new InvalidTimeZoneException("planning"),
            default));

        if (Store.EffectsAreTransactional)
        {
            Assert.Equal(DeliveryStatus.Pending, (await ReadAsync(leased)).Status);
            Assert.Empty(await Store.Endpoints.GetStatesAsync([endpoint], default));
            Assert.Empty(await Store.Deliveries.GetAttemptsAsync(leased.Id, default));
        }
    }

    private async Task AssertStoredAsync(int count)
    {
        Assert.Equal(count, _messages.Count);
        Assert.Equal(count, (await Store.Outbox.GetMessagesAsync([.. _messages.Select(message => message.Id)], default)).Count);
        Assert.Equal(count, (await Store.Outbox.FanOutPendingAsync(100, PlanNothing, default)).Taken);
    }

    private Task SucceedAsync(EndpointId endpoint, LeasedDelivery leased) =>
        CompleteAsync([Succeed(leased)], new EndpointHealth { EndpointId = endpoint, Successes = 1 });

    private Task FailAsync(EndpointId endpoint, IEnumerable<LeasedDelivery> leased)
    {
        DeliveryCompletion[] completions = [.. leased.Select(one => Fail(one, TimeSpan.FromDays(100)))];
        return CompleteAsync(completions, new EndpointHealth
        {
            EndpointId = endpoint,
            Failures = completions.Length,
            Policy = new EndpointHealthPolicy { CircuitWindow = TimeSpan.FromMinutes(10) },
        });
    }

    private async Task CompleteAsync(DeliveryCompletion[] completions, params EndpointHealth[] health) =>
        Assert.Empty(await Store.Deliveries.CompleteAsync(completions, health, Plan, default));

    private IReadOnlyList<WebhookMessage> Plan(IReadOnlyList<EndpointTransition> endpoints, IReadOnlyList<DeliveryCompletion> deadLettered)
    {
        _changes.AddRange(endpoints.Select(transition => (transition.State.EndpointId, transition.Change)));
        _deadLettered.AddRange(deadLettered.Select(completion => completion.Delivery.Id));
        WebhookMessage[] messages =
            [.. Enumerable.Range(0, endpoints.Count + deadLettered.Count).Select(_ => NewMessage() with { Origin = MessageOrigin.Operational })];
        _messages.AddRange(messages);
        return messages;
    }
}
