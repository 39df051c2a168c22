using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Redelivery;

public sealed class WebhookCancellationTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Cancel_DeliverAtInTheFuture_IsNeverSent()
    {
        await using var sender = await StartAsync(To(_receiver));
        var message = await sender.PublishAsync(options: new() { DeliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1) });
        await sender.WaitForAsync(message, DeliveryStatus.Pending);

        Assert.Equal(new(CancellationStatus.Canceled, 1), await sender.Cancellation.CancelAsync(message));

        Assert.Equal(DeliveryStatusReason.ByUser, (await sender.WaitForAsync(message, DeliveryStatus.Canceled)).Reason);
        Assert.Equal(new(CancellationStatus.NothingPending, AlreadyFinal: 1), await sender.Cancellation.CancelAsync(message));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Cancel_AttemptUnderWay_EndsItAndMakesNoFurther()
    {
        var answered = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.When(answered.Task, ReceiverAnswer.Status(500)));
        await using var sender = await StartAsync(To(_receiver));
        var message = await sender.PublishAsync(1);
        await _receiver.WaitForRequestsAsync(1, TimeSpan.FromSeconds(60));

        Assert.Equal(CancellationStatus.Canceled, (await sender.Cancellation.CancelAsync(message)).Status);
        answered.SetResult();

        var delivery = await sender.WaitForAsync(message, DeliveryStatus.Canceled);
        await UntilAsync(async () => (await sender.AttemptsAsync(delivery)).Length == 1, "the attempt is recorded");

        // What is published later arrives, and nothing else does.
        await sender.WaitForAsync(await sender.PublishAsync(2), DeliveryStatus.Succeeded);
        Assert.Equal(2, _receiver.Requests.Count);
        Assert.Equal(DeliveryStatus.Canceled, (await sender.WaitForAsync(message, DeliveryStatus.Canceled)).Status);
    }

    [Fact]
    public async Task Cancel_BetweenAttempts_EndsTheRetries()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        await using var sender = await StartAsync(To(_receiver, options => options.RetrySchedule = new([TimeSpan.FromDays(1)])));
        var message = await sender.PublishAsync();
        await UntilAsync(
            async () => (await sender.Deliveries.GetByMessageAsync(message, default)) is [{ Status: DeliveryStatus.Pending, Attempts: 1 }],
            "the first attempt failed");

        Assert.Equal(new(CancellationStatus.Canceled, 1), await sender.Cancellation.CancelAsync(message));

        Assert.Equal(DeliveryStatusReason.ByUser, (await sender.WaitForAsync(message, DeliveryStatus.Canceled)).Reason);
        Assert.Equal(1, sender.Log.Count("MessageCanceled"));
    }

    [Fact]
    public async Task Cancel_NotFannedOutYet_ShowsWhoWouldHaveGotIt()
    {
        await using var sender = await StartAsync(builder =>
        {
            builder.DisableDispatcher();
            AddEndpoint(builder, "wanting", _receiver);
            AddEndpoint(builder, "other", _receiver, "invoice.*");
            builder.AddEndpoint("filtered", _receiver.Url.ToString(), endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Filter = """{"data":{"order":2}}""";
            });
        });
        await sender.DeclareAsync();
        var message = await sender.PublishAsync(1);

        Assert.Equal(new(CancellationStatus.Canceled, 1), await sender.Cancellation.CancelAsync(message));

        var delivery = Assert.Single(await sender.Deliveries.GetByMessageAsync(message, default));
        Assert.Equal((EndpointId.Declared(null, "wanting"), DeliveryStatusReason.ByUser), (delivery.EndpointId, delivery.Reason));
    }

    [Fact]
    public async Task Cancel_UnknownMessage_IsNotFound()
    {
        await using var sender = await StartAsync(To(_receiver));
        var message = await sender.PublishAsync();
        await sender.WaitForAsync(message, DeliveryStatus.Succeeded);

        Assert.Equal(new(CancellationStatus.NothingPending, AlreadyFinal: 1), await sender.Cancellation.CancelAsync(message));
        Assert.Equal(CancellationStatus.NotFound, (await sender.Cancellation.CancelAsync(default)).Status);
    }
}
