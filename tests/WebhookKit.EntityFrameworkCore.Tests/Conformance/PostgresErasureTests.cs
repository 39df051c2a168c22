using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Erasure;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

/// <summary>Erasure against what another node does at the same moment: whoever is first, nothing comes back.</summary>
public sealed class PostgresErasureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly WebhookEndpoint _endpoint = new()
    {
        Id = EndpointId.Declared(null, "one"),
        Name = "one",
        Url = "https://one.example",
        EventTypes = ["*"],
    };

    private PostgresHarness _first = null!;
    private PostgresHarness _second = null!;

    public async Task InitializeAsync()
    {
        _first = await PostgresHarness.CreateFirstAsync();
        _second = _first.CreateSecond();
        await _first.Endpoints.DeclareAsync([_endpoint], deployment: 1, default);
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task EraseMessage_WhileItIsFannedOut_WaitsAndCancelsTheNewDeliveries()
    {
        var message = await AppendAsync();
        var planning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var fanOut = Task.Run(async () => await _first.Outbox.FanOutPendingAsync(1, (messages, _) =>
        {
            planning.SetResult();
            release.Wait(Patience);
            return [NewDelivery(messages[0].Id)];
        }, default));
        await planning.Task.WaitAsync(Patience);
        var erasure = Task.Run(async () => await _second.Erasure.EraseMessageAsync(message, default));
        await _first.WaitUntilBlockedAsync();

        release.Set();

        Assert.Single((await fanOut.WaitAsync(Patience)).Deliveries);
        Assert.Equal(1, (await erasure.WaitAsync(Patience)).CanceledDeliveries);
        await AssertErasedAsync(message, attempts: 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EraseMessage_WhileItsAttemptIsWrittenBack_LeavesNoContent(bool erasesFirst)
    {
        var message = await AppendAsync();
        await _first.Outbox.FanOutPendingAsync(1, (messages, _) => [NewDelivery(messages[0].Id)], default);
        var leased = Assert.Single(await _first.Deliveries.LeaseAsync(
            [new LeaseBudget(_endpoint.Id, 1, 1)], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default));

        await RaceAsync(message, leased, erasesFirst);

        await AssertErasedAsync(message, attempts: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EraseMessage_WhileALateAttemptIsRecorded_LeavesNoContent(bool erasesFirst)
    {
        var message = await AppendAsync();
        await _first.Outbox.FanOutPendingAsync(1, (messages, _) => [NewDelivery(messages[0].Id)], default);
        var budget = new LeaseBudget(_endpoint.Id, 1, 1);
        var late = Assert.Single(await _first.Deliveries.LeaseAsync([budget], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default));
        await _first.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Single(await _first.Deliveries.LeaseAsync([budget], _ids.NewLeaseId(), TimeSpan.FromMinutes(10), default));

        await RaceAsync(message, late, erasesFirst);

        await AssertErasedAsync(message, attempts: 1);
    }

    [Fact]
    public async Task EraseTenant_AmongManyOthers_LooksAtItsOwnRowsAlone()
    {
        await Filling.FillAsync(_first, 20_000, daysAgo: 10);
        await Filling.FillAsync(_first, 20_000, daysAgo: 9, "globex");
        await Filling.FillAsync(_first, 2_000, daysAgo: 8, "acme");
        await _first.ExecuteAsync("ANALYZE");

        // For more of so small a table at once, reading all of it would be right.
        _first.Services.GetRequiredService<IOptions<WebhooksOptions>>().Value.Retention.BatchSize = 25;

        var erased = await _first.Services.GetRequiredService<IWebhookErasure>().EraseTenantAsync("acme");

        Assert.Equal(new ErasureProgress(Messages: 2_000, InboxEntries: 2_000), erased);
        foreach (var table in new[] { "webhook_messages", "webhook_deliveries", "webhook_attempts", "webhook_inbox" })
        {
            var (scanned, fetched) = await _first.ReadScansAsync(table, changedRows: 2_000);
            Assert.Equal((table, 0L), (table, scanned));
            Assert.True(fetched is >= 2_000 and <= 20_000, $"{fetched} rows of {table} were fetched.");
        }
    }

    /// <summary>Lets both stand before the delivery's row, in the given order, and then go on.</summary>
    private async Task RaceAsync(MessageId message, LeasedDelivery leased, bool erasesFirst)
    {
        var blocker = await _first.LockDeliveriesAsync();
        Func<Task>[] racers =
        [
            async () => await _second.Erasure.EraseMessageAsync(message, default),
            async () => await _first.Deliveries.CompleteAsync([WithContent(leased)], [], default),
        ];
        var running = new List<Task>();
        foreach (var racer in erasesFirst ? racers : racers.Reverse())
        {
            running.Add(Task.Run(racer));
            await _first.WaitUntilBlockedAsync(running.Count);
        }

        await blocker.DisposeAsync();
        await Task.WhenAll(running).WaitAsync(Patience);
    }

    private async Task AssertErasedAsync(MessageId message, int attempts)
    {
        var delivery = Assert.Single(await _first.Deliveries.GetByMessageAsync(message, default));
        Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.Erased), (delivery.Status, delivery.Reason));
        var recorded = await _first.Deliveries.GetAttemptsAsync(delivery.Id, default);
        Assert.Equal(attempts, recorded.Count);
        Assert.All(recorded, attempt => Assert.Equal((0, null), (attempt.Response.Length, attempt.Error)));
    }

    private async Task<MessageId> AppendAsync()
    {
        var message = new WebhookMessage
        {
            Id = _ids.NewMessageId(),
            EventType = "order.paid",
            Payload = "{}"u8.ToArray(),
            OccurredAt = DateTimeOffset.UnixEpoch,
        };
        await _first.Outbox.AppendAsync([message], default);
        return message.Id;
    }

    private NewDelivery NewDelivery(MessageId message) =>
        new() { Id = _ids.NewDeliveryId(), MessageId = message, EndpointId = _endpoint.Id };

    private DeliveryCompletion WithContent(LeasedDelivery leased) => new()
    {
        Delivery = leased,
        Status = DeliveryStatus.Pending,
        NextAttemptIn = TimeSpan.FromMinutes(5),
        Attempt = new Attempt
        {
            Id = _ids.NewAttemptId(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.Zero,
            Outcome = AttemptOutcome.ReceiverError,
            Response = "Ada is unknown"u8.ToArray(),
            Error = "Ada's server failed",
        },
    };
}
