using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Stores that fail, rows that cannot be written, leases that run out.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task StoreAway_FromTheStart_IsSurvivedAndToldOnce()
    {
        var isAway = true;
        var store = new StoreProbe
        {
            Before = (method, _) => isAway && method != "AppendAsync"
                ? throw new InvalidOperationException("the database is down")
                : Task.CompletedTask,
        };
        await using var sender = await StartAsync(To(_receiver), store: store);

        await UntilAsync(() => Task.FromResult(store.Calls("DeclareAsync") >= 3), "three tries");
        var id = await sender.PublishAsync();
        isAway = false;

        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Equal((1, 1), (sender.Log.Count("StoreOutageBegan"), sender.Log.Count("StoreOutageEnded")));
    }

    [Fact]
    public async Task StoreAway_WhileRunning_LosesNoOutcomeAndIsToldOnce()
    {
        var isAway = false;
        var opened = new TaskCompletionSource();
        var store = new StoreProbe
        {
            Before = (_, _) => isAway ? throw new InvalidOperationException("the database is down") : Task.CompletedTask,
        };
        _receiver.DefaultAnswer = ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(200));
        await using var sender = await StartAsync(To(_receiver, options => options.MaxInFlightPerEndpoint = 20), store: store);
        var ids = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 5).Select(order => new OrderPaid(order)));
        await _receiver.WaitForRequestsAsync(5);

        isAway = true;
        opened.SetResult();
        await UntilAsync(() => Task.FromResult(store.Calls("CompleteAsync") >= 3), "three tries to write the outcomes");
        isAway = false;

        foreach (var id in ids)
        {
            Assert.Single(await sender.AttemptsAsync(await sender.WaitForAsync(id, DeliveryStatus.Succeeded)));
        }

        await UntilAsync(() => Task.FromResult(sender.Log.Count("StoreOutageEnded") == 1), "the end is told");
        Assert.Equal(1, sender.Log.Count("StoreOutageBegan"));
        Assert.Equal(0, sender.Log.Count("CompletionRejected"));
        Assert.Equal(5, _receiver.Requests.Count);
    }

    [Fact]
    public async Task OutcomeThatCannotBeWritten_AmongOthers_IsFoundAndLeftToItsLease()
    {
        const int Messages = 20;
        MessageId? poison = null;
        var opened = new TaskCompletionSource();
        var store = new StoreProbe
        {
            Before = (_, argument) => argument is IReadOnlyList<DeliveryCompletion> completions
                && completions.Any(completion => completion.Delivery.MessageId == poison)
                    ? throw new InvalidOperationException("this row violates a constraint")
                    : Task.CompletedTask,
        };
        _receiver.DefaultAnswer = ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(200));
        await using var sender = await StartAsync(To(_receiver, options => options.MaxInFlightPerEndpoint = 4 * Messages), store: store);
        var ids = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)));
        await _receiver.WaitForRequestsAsync(Messages);
        poison = ids[7];
        opened.SetResult();

        foreach (var id in ids.Where(id => id != poison))
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        await UntilAsync(() => Task.FromResult(sender.Log.Count("CompletionRejected") == 1), "the row is named");
        Assert.Equal(DeliveryStatus.Pending, Assert.Single(await sender.Deliveries.GetByMessageAsync(poison.Value, default)).Status);
    }

    [Fact]
    public async Task LeaseNearlyOver_BeforeSending_IsHandedBackAndSentWithTheNext()
    {
        var isSlow = true;
        var store = new StoreProbe();
        store.Before = async (method, _) =>
        {
            if (method == "GetMessagesAsync" && isSlow)
            {
                isSlow = false;
                await Task.Delay(TimeSpan.FromSeconds(5.2));
            }
        };
        await using var sender = await StartAsync(To(_receiver, options => options.LeaseMargin = TimeSpan.FromSeconds(5)), store: store);
        await sender.WaitForFirstDeclarationAsync();

        // Due after its fan-out, so that it is leased and its message read rather than sent from memory.
        var deliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3);
        var id = await sender.PublishAsync(1, new PublishOptions { DeliverAt = deliverAt });

        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Equal(1, store.Calls("ReleaseAsync"));
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task SixthLease_WithoutAnOutcome_DeadLettersUnsent()
    {
        var store = new StoreProbe { OnLeased = delivery => delivery with { Leases = 6 } };
        await using var sender = await StartAsync(To(_receiver), store: store);
        await sender.WaitForFirstDeclarationAsync();

        var deliverAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3);
        var id = await sender.PublishAsync(1, new PublishOptions { DeliverAt = deliverAt });

        var delivery = await sender.WaitForAsync(id, DeliveryStatus.DeadLettered);
        Assert.Equal(DeliveryStatusReason.Abandoned, delivery.Reason);
        Assert.Empty(await sender.AttemptsAsync(delivery));
        Assert.Empty(_receiver.Requests);
        Assert.Equal(1, sender.Log.Count("DeliveryAbandoned"));
    }
}
