using WebhookKit.Deliveries;
using WebhookKit.Retry;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Processes that stop, restart, or only publish, over one store.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task DisableDispatcher_PublishesAndLeavesSendingToOtherNodes()
    {
        await using var publisher = await StartAsync(builder =>
        {
            builder.DisableDispatcher();
            AddEndpoint(builder, "test", _receiver);
        });
        var id = await publisher.PublishAsync();
        Assert.Empty(await publisher.Deliveries.GetByMessageAsync(id, default));

        await using var sender = await StartAsync(To(_receiver), over: publisher);

        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        // The sender's calls pass the publisher's probe too: there were no others.
        Assert.Equal((1, 1), (publisher.Store.Calls("DeclareAsync"), sender.Store.Calls("DeclareAsync")));
    }

    [Fact]
    public async Task TwoNodes_OneStore_SendEveryMessageOnce()
    {
        await using var one = await StartAsync(To(_receiver));
        await using var two = await StartAsync(To(_receiver), over: one);

        var ids = new List<MessageId>();
        for (var order = 0; order < 100; order++)
        {
            ids.Add(await (order % 2 == 0 ? one : two).PublishAsync(order));
        }

        foreach (var id in ids)
        {
            await one.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        Assert.Equal(100, _receiver.Requests.Count);
    }

    [Fact]
    public async Task Restart_WithOtherDeclarations_UpdatesAddsAndDisables()
    {
        await using var moved = await ScriptedReceiver.StartAsync();
        await using var first = await StartAsync(builder =>
        {
            AddEndpoint(builder, "kept", _receiver);
            AddEndpoint(builder, "dropped", _receiver);
        });
        await UntilAsync(async () => (await first.Endpoints.GetByTenantsAsync([null], default)).Count == 2, "two endpoints");
        await first.StopAsync();

        await using var second = await StartAsync(builder => AddEndpoint(builder, "kept", moved), over: first);
        await second.WaitForFirstDeclarationAsync();

        var endpoints = (await second.Endpoints.GetByTenantsAsync([null], default)).ToDictionary(endpoint => endpoint.Name!);
        Assert.Equal((moved.Url.AbsoluteUri, EndpointStatus.Enabled), (endpoints["kept"].Url, endpoints["kept"].Status));
        Assert.Equal(
            (EndpointStatus.Disabled, EndpointStatusReason.NotDeclared), (endpoints["dropped"].Status, endpoints["dropped"].StatusReason));
    }

    [Fact]
    public async Task Stop_AttemptInFlight_LetsItFinishAndWritesItsOutcome()
    {
        var opened = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(200)));
        await using var sender = await StartAsync(To(_receiver));
        var id = await sender.PublishAsync();
        await _receiver.WaitForRequestsAsync(1);

        var stopping = sender.StopAsync();
        Assert.False(stopping.IsCompleted);
        opened.SetResult();
        await stopping.WaitAsync(Patience);

        Assert.Equal(DeliveryStatus.Succeeded, Assert.Single(await sender.Deliveries.GetByMessageAsync(id, default)).Status);
    }

    [Fact]
    public async Task Stop_AttemptHangsPastTheShutdownTimeout_IsRecordedAndSentByTheNextProcess()
    {
        _receiver.Answer(ReceiverAnswer.Hang());
        await using var sender = await StartAsync(To(_receiver, options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200)));
        var id = await sender.PublishAsync();
        await _receiver.WaitForRequestsAsync(1);

        await sender.StopAsync().WaitAsync(Patience);

        Assert.Equal(1, sender.Log.Count("AttemptsGivenUp"));
        var delivery = Assert.Single(await sender.Deliveries.GetByMessageAsync(id, default));
        Assert.Equal(AttemptOutcome.SenderError, Assert.Single(await sender.AttemptsAsync(delivery)).Outcome);

        await using var next = await StartAsync(To(_receiver), over: sender);
        await next.WaitForAsync(id, DeliveryStatus.Succeeded);
    }

    [Fact]
    public async Task Stop_LastAttemptHangsPastTheShutdownTimeout_IsMadeAgainByTheNextProcess()
    {
        _receiver.Answer(ReceiverAnswer.Hang());
        await using var sender = await StartAsync(To(_receiver, options =>
        {
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(200);
            options.RetrySchedule = new RetrySchedule([]);
        }));
        var id = await sender.PublishAsync();
        await _receiver.WaitForRequestsAsync(1);

        await sender.StopAsync().WaitAsync(Patience);

        Assert.Equal(DeliveryStatus.Pending, Assert.Single(await sender.Deliveries.GetByMessageAsync(id, default)).Status);
        await using var next = await StartAsync(To(_receiver), over: sender);
        await next.WaitForAsync(id, DeliveryStatus.Succeeded);
    }

    [Fact]
    public async Task Stop_WorkLeasedButNotBegun_IsHandedBack()
    {
        var leased = new TaskCompletionSource();
        var opened = new TaskCompletionSource();
        var store = new StoreProbe
        {
            Before = async (method, _) =>
            {
                if (method == "GetMessagesAsync")
                {
                    leased.TrySetResult();
                    await opened.Task;
                    throw new InvalidOperationException("the host stops");
                }
            },
        };
        await using var sender = await StartAsync(To(_receiver), store: store);
        await sender.WaitForFirstDeclarationAsync();

        // Due after its fan-out, so that it is leased and its message read rather than sent from memory.
        var deliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3);
        var id = await sender.PublishAsync(1, new PublishOptions { DeliverAt = deliverAt });
        await leased.Task.WaitAsync(Patience);

        var stopping = sender.StopAsync();
        opened.SetResult();
        await stopping.WaitAsync(Patience);

        Assert.Equal(1, store.Calls("ReleaseAsync"));
        Assert.Empty(_receiver.Requests);
        await using var next = await StartAsync(To(_receiver), over: sender, store: new StoreProbe());
        store.Before = null;
        await next.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Single(_receiver.Requests);
    }
}
