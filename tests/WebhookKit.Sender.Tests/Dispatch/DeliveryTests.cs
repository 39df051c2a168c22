using WebhookKit.Deliveries;
using WebhookKit.Testing;
using WebhookKit.Verification;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>From publish to final status, over real HTTP.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Publish_HealthyEndpoint_DeliversOnceAndVerifies()
    {
        await using var sender = await StartAsync(To(_receiver));

        var id = await sender.PublishAsync(42);

        var delivery = await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        var attempt = Assert.Single(await sender.AttemptsAsync(delivery));
        Assert.Equal((1, AttemptOutcome.Succeeded, 200), (attempt.Number, attempt.Outcome, attempt.StatusCode));
        var request = Assert.Single(_receiver.Requests);
        Assert.Equal(id.ToString(), request.Headers["webhook-id"]);
        using var verifier = new StandardWebhooksVerifier([Secret], TimeSpan.FromMinutes(5), TimeProvider.System);
        Assert.True((await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified);
    }

    [Fact]
    public async Task Publish_ForATenantWithoutEndpoints_SaysThatNobodyWantsIt()
    {
        await using var sender = await StartAsync(To(_receiver));

        var id = await sender.PublishAsync(options: new PublishOptions { TenantId = "nobody" });

        await UntilAsync(() => Task.FromResult(sender.Log.Count("MessagesUnwanted") == 1), "the log to say so");
        Assert.Empty(await sender.Deliveries.GetByMessageAsync(id, default));
        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);
        Assert.Equal(1, sender.Log.Count("MessagesUnwanted"));
    }

    [Fact]
    public async Task Publish_FailuresThenSuccess_RetriesTheSameMessage()
    {
        _receiver.Answer(ReceiverAnswer.Status(500), ReceiverAnswer.Reset());
        await using var sender = await StartAsync(To(_receiver));

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        var attempts = await sender.AttemptsAsync(delivery);
        Assert.Equal(
            [(1, AttemptOutcome.ReceiverError), (2, AttemptOutcome.ConnectionBroken), (3, AttemptOutcome.Succeeded)],
            attempts.Select(attempt => (attempt.Number!.Value, attempt.Outcome)));
        Assert.All(attempts.Zip(attempts.Skip(1)), pair => Assert.True(
            pair.Second.StartedAt - pair.First.StartedAt - pair.First.Duration >= TimeSpan.FromMilliseconds(49)));
        Assert.Single(_receiver.Requests.Select(request => (request.Headers["webhook-id"].ToString(), Convert.ToHexString(request.Body.Span))).Distinct());
    }

    [Fact]
    public async Task Publish_EveryAttemptFails_DeadLettersAsExhausted()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(400);
        await using var sender = await StartAsync(To(_receiver));

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        Assert.Equal(DeliveryStatusReason.Exhausted, delivery.Reason);
        Assert.Equal(3, (await sender.AttemptsAsync(delivery)).Length);
        Assert.Equal(3, _receiver.Requests.Count);
        Assert.Equal((2, 1), (sender.Log.Count("AttemptFailed"), sender.Log.Count("DeliveryDeadLettered")));
    }

    [Fact]
    public async Task Publish_DeliverAtTheEndOfTime_HoldsUpNoOtherMessage()
    {
        await using var publisher = await StartAsync(builder =>
        {
            builder.DisableDispatcher();
            AddEndpoint(builder, "test", _receiver);
        });
        var never = await publisher.PublishAsync(1, new PublishOptions { DeliverAt = DateTimeOffset.MaxValue });
        var now = await publisher.PublishAsync(2);

        await using var sender = await StartAsync(To(_receiver), over: publisher);

        await sender.WaitForAsync(now, DeliveryStatus.Succeeded);
        await sender.WaitForAsync(never, DeliveryStatus.Pending);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Publish_Gone_DisablesTheEndpointAndSkipsWhatWaits()
    {
        var opened = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(410)));
        await using var sender = await StartAsync(To(_receiver, options => options.MaxInFlightPerEndpoint = 1));

        var first = await sender.PublishAsync(1);
        await _receiver.WaitForRequestsAsync(1);
        var waiting = await sender.PublishAsync(2);
        opened.SetResult();

        Assert.Equal(DeliveryStatusReason.EndpointGone, (await sender.WaitForAsync(first, DeliveryStatus.DeadLettered)).Reason);
        Assert.Equal(DeliveryStatusReason.EndpointDisabled, (await sender.WaitForAsync(waiting, DeliveryStatus.Skipped)).Reason);
        var endpoint = Assert.Single(await sender.Endpoints.GetByTenantsAsync([null], default));
        Assert.Equal((EndpointStatus.Disabled, EndpointStatusReason.Gone), (endpoint.Status, endpoint.StatusReason));
        var later = await sender.PublishAsync(3);
        Assert.Equal(DeliveryStatusReason.EndpointDisabled, (await sender.WaitForAsync(later, DeliveryStatus.Skipped)).Reason);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Publish_RetryAfter_HoldsBackTheWholeEndpointThatLong()
    {
        _receiver.Answer(ReceiverAnswer.Status(503, ("Retry-After", "1")));
        await using var sender = await StartAsync(To(_receiver));

        var first = await sender.PublishAsync(1);
        var throttled = await _receiver.WaitForRequestsAsync(1);
        await UntilAsync(
            async () => (await sender.Deliveries.GetByMessageAsync(first, default)).Single().Attempts == 1, "the first attempt is written");
        var second = await sender.PublishAsync(2);
        await sender.WaitForAsync(first, DeliveryStatus.Succeeded);
        await sender.WaitForAsync(second, DeliveryStatus.Succeeded);

        Assert.Equal(3, _receiver.Requests.Count);
        Assert.All(_receiver.Requests.Skip(1), request => Assert.True(
            request.ArrivedAt - throttled[0].ArrivedAt >= TimeSpan.FromMilliseconds(990)));
    }

    [Fact]
    public async Task Publish_DeliverAt_IsNotSentEarlier()
    {
        await using var sender = await StartAsync(To(_receiver));
        var deliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(400);

        await sender.WaitForAsync(
            await sender.PublishAsync(1, new PublishOptions { DeliverAt = deliverAt }), DeliveryStatus.Succeeded);

        Assert.True(Assert.Single(_receiver.Requests).ArrivedAt >= deliverAt);
    }

    [Fact]
    public async Task Publish_PausedEndpoint_WaitsUntilItIsEnabled()
    {
        await using var sender = await StartAsync(To(_receiver));
        var endpoint = EndpointId.Declared(null, "test");
        await UntilAsync(
            async () => await sender.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Paused, EndpointStatusReason.ByUser, default),
            "the endpoint is declared");

        var id = await sender.PublishAsync();
        var sweeps = sender.Store.Calls("SweepAsync");
        await UntilAsync(() => Task.FromResult(sender.Store.Calls("SweepAsync") > sweeps + 3), "three more sweeps");
        Assert.Equal(DeliveryStatus.Pending, Assert.Single(await sender.Deliveries.GetByMessageAsync(id, default)).Status);
        Assert.Empty(_receiver.Requests);

        await sender.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
    }

    [Fact]
    public async Task Publish_SeveralEndpoints_EachGetsWhatItSubscribesTo()
    {
        await using var orders = await ScriptedReceiver.StartAsync();
        await using var invoices = await ScriptedReceiver.StartAsync();
        await using var sender = await StartAsync(builder =>
        {
            AddEndpoint(builder, "all", _receiver);
            AddEndpoint(builder, "orders", orders, "order.*");
            AddEndpoint(builder, "invoices", invoices, "invoice.*");
        });

        var id = await sender.PublishAsync();

        await UntilAsync(
            async () => (await sender.Deliveries.GetByMessageAsync(id, default)).Count(made => made.Status == DeliveryStatus.Succeeded) == 2,
            "both delivered");
        Assert.Single(_receiver.Requests);
        Assert.Single(orders.Requests);
        Assert.Empty(invoices.Requests);
    }
}
