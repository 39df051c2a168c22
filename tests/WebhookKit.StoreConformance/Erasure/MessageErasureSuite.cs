using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Erasure;

/// <summary>What every store promises about erasing one message.</summary>
public abstract class MessageErasureSuite : DeliverySuite
{
    private IWebhookErasure Erasure => Store.Services.GetRequiredService<IWebhookErasure>();

    [Fact]
    public async Task EraseMessageAsync_Unknown_IsFalse()
    {
        Assert.False(await Erasure.EraseMessageAsync(Ids.NewMessageId()));
    }

    [Fact]
    public async Task EraseMessageAsync_ReadAfterwards_IsGoneButMarked()
    {
        var (kept, erased) = (NewMessage(), NewMessage(payload: """{"name":"Ada"}"""));
        await Store.Outbox.AppendAsync([kept, erased], default);
        Assert.Null(await Store.Erasure.GetErasedAtAsync(erased.Id, default));

        Assert.True(await Erasure.EraseMessageAsync(erased.Id));

        Assert.Equal([kept.Id], (await Store.Outbox.GetMessagesAsync([kept.Id, erased.Id], default)).Select(message => message.Id));
        Assert.NotNull(await Store.Erasure.GetErasedAtAsync(erased.Id, default));
        Assert.Null(await Store.Erasure.GetErasedAtAsync(kept.Id, default));
    }

    [Fact]
    public async Task EraseMessageAsync_Twice_KeepsTheFirstInstant()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Erasure.EraseMessageAsync(message.Id);
        var erasedAt = await Store.Erasure.GetErasedAtAsync(message.Id, default);
        await Store.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.True(await Erasure.EraseMessageAsync(message.Id));

        Assert.Equal(erasedAt, await Store.Erasure.GetErasedAtAsync(message.Id, default));
    }

    [Fact]
    public async Task EraseMessageAsync_NotYetFannedOut_IsNeverDelivered()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        await Erasure.EraseMessageAsync(message.Id);

        Assert.Equal(0, (await Store.Outbox.FanOutCommittedAsync([message], PlanFor(endpoint), default)).Taken);
        Assert.Equal(0, (await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoint), default)).Taken);
        Assert.Empty(await Store.Deliveries.GetByMessageAsync(message.Id, default));
    }

    [Fact]
    public async Task EraseMessageAsync_Pending_IsCanceledAndNotLeased()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var delivery = Assert.Single(await MakeDueAsync(endpoint, 1));

        var erased = await Store.Erasure.EraseMessageAsync(delivery.MessageId, default);

        Assert.Equal((1, 1), (erased.Messages, erased.CanceledDeliveries));
        AssertErased(Assert.Single(await Store.Deliveries.GetByMessageAsync(delivery.MessageId, default)));
        await Store.AdvanceAsync(TimeSpan.FromDays(365));
        Assert.Empty(await LeaseAllAsync(endpoint));
        Assert.Empty(await Store.Deliveries.SweepAsync(null, 10, default));
    }

    [Fact]
    public async Task EraseMessageAsync_Skipped_IsCanceledForNobodyCanAskForItAnyMore()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var delivery = Assert.Single(await MakeDueAsync(endpoint, 1));
        await Store.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);
        await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default);

        await Erasure.EraseMessageAsync(delivery.MessageId);

        AssertErased(Assert.Single(await Store.Deliveries.GetByMessageAsync(delivery.MessageId, default)));
    }

    [Theory]
    [InlineData(DeliveryStatus.Succeeded)]
    [InlineData(DeliveryStatus.DeadLettered)]
    public async Task EraseMessageAsync_Finished_KeepsStatusAndOutcomeWithoutContent(DeliveryStatus status)
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var leased = await MakeLeasedAsync(endpoint);
        await CompleteAsync(WithContent(leased) with { Status = status });

        await Erasure.EraseMessageAsync(leased.MessageId);

        Assert.Equal(status, (await ReadAsync(leased)).Status);
        var attempt = Assert.Single(await Store.Deliveries.GetAttemptsAsync(leased.Id, default));
        Assert.Equal((AttemptOutcome.ReceiverError, 500, 1), (attempt.Outcome, attempt.StatusCode, attempt.Number));
        AssertNoContent(attempt);
    }

    [Fact]
    public async Task EraseMessageAsync_OtherMessages_KeepTheirs()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var (erased, other) = (await MakeLeasedAsync(endpoint), await MakeLeasedAsync(endpoint));
        await CompleteAsync(WithContent(erased), WithContent(other));

        await Erasure.EraseMessageAsync(erased.MessageId);

        var attempt = Assert.Single(await Store.Deliveries.GetAttemptsAsync(other.Id, default));
        Assert.Equal("Ada is unknown", Encoding.UTF8.GetString(attempt.Response.Span));
        Assert.Equal(DeliveryStatus.Pending, (await ReadAsync(other)).Status);
    }

    [Fact]
    public async Task EraseMessageAsync_AttemptInFlight_EndsLateAndBringsNothingBack()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var inFlight = await MakeLeasedAsync(endpoint);

        await Erasure.EraseMessageAsync(inFlight.MessageId);
        await Store.Deliveries.ReleaseAsync([inFlight], default);
        Assert.Equal([inFlight.Id], await CompleteAsync(WithContent(inFlight)));

        AssertErased(await ReadAsync(inFlight));
        var attempt = Assert.Single(await Store.Deliveries.GetAttemptsAsync(inFlight.Id, default));
        Assert.True(attempt.IsLate);
        Assert.Equal(AttemptOutcome.ReceiverError, attempt.Outcome);
        AssertNoContent(attempt);
    }

    [Fact]
    public async Task EraseMessageAsync_LateOwnerOfAFinishedDelivery_BringsNothingBack()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var late = await MakeLeasedAsync(endpoint);
        await Store.AdvanceAsync(LeaseDuration + Slack);
        await CompleteAsync(Succeed(Assert.Single(await LeaseAllAsync(endpoint))));

        await Erasure.EraseMessageAsync(late.MessageId);
        Assert.Equal([late.Id], await CompleteAsync(WithContent(late)));

        Assert.Equal(DeliveryStatus.Succeeded, (await ReadAsync(late)).Status);
        Assert.All(await Store.Deliveries.GetAttemptsAsync(late.Id, default), AssertNoContent);
    }

    [Fact]
    public async Task EraseMessageAsync_Duplicates_AreErasedToo()
    {
        var (first, second) = (NewMessage(key: "order-42"), NewMessage(key: "order-42"));
        await Store.CaptureAsync([first, second]);
        await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);

        await Erasure.EraseMessageAsync(first.Id);

        Assert.NotNull(await Store.Erasure.GetErasedAtAsync(second.Id, default));
        Assert.Equal(first.Id, await Store.Outbox.GetDuplicateOfAsync(second.Id, default));
    }

    [Fact]
    public async Task EraseMessageAsync_IdempotencyKey_IsStillRemembered()
    {
        var message = NewMessage(key: "order-42");
        await Store.Outbox.AppendAsync([message], default);

        await Erasure.EraseMessageAsync(message.Id);

        Assert.Equal([message.Id], await Store.Outbox.AppendAsync([NewMessage(key: "order-42")], default));
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(async () =>
            await Store.Outbox.AppendAsync([NewMessage(key: "order-42", payload: """{"other":1}""")], default));
    }

    [Fact]
    public async Task EraseMessageAsync_CopiesInTheInbox_AreErasedAndNotHandled()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Inbox.AppendAsync([Copy("partner", message.Id.ToString()), Copy("other", message.Id.ToString())], default);
        var leased = await Store.Inbox.LeaseAsync("partner", 1, Ids.NewLeaseId(), LeaseDuration, default);
        await Store.Inbox.AppendAsync([Copy("partner", "evt_1")], default);

        var erased = await Store.Erasure.EraseMessageAsync(message.Id, default);

        Assert.Equal(2, erased.InboxEntries);
        Assert.Equal(InboxStatus.Erased, await Store.Inbox.GetStatusAsync("partner", null, message.Id.ToString(), default));
        Assert.Equal(InboxStatus.Erased, await Store.Inbox.GetStatusAsync("other", null, message.Id.ToString(), default));
        Assert.Single(await Store.Inbox.CompleteAsync([new InboxCompletion(leased[0], InboxStatus.Pending)], default));
        Assert.Equal("evt_1", Assert.Single(await Store.Inbox.LeaseAsync("partner", 10, Ids.NewLeaseId(), LeaseDuration, default)).Entry.Claim.Key);
    }

    private static InboxEntry Copy(string source, string key) => new()
    {
        Claim = new WebhookClaim(source, null, key, ClaimDefaults.Memory),
        EventType = "order.paid",
        Payload = "{}"u8.ToArray(),
    };

    private DeliveryCompletion WithContent(LeasedDelivery leased) => Fail(leased) with
    {
        Attempt = NewAttempt(AttemptOutcome.ReceiverError) with
        {
            StatusCode = 500,
            Response = "Ada is unknown"u8.ToArray(),
            Error = "Ada's server failed",
        },
    };

    private static void AssertErased(Delivery delivery)
    {
        Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.Erased), (delivery.Status, delivery.Reason));
        Assert.Null(delivery.NextAttemptAt);
    }

    private static void AssertNoContent(Attempt attempt)
    {
        Assert.Equal(0, attempt.Response.Length);
        Assert.Null(attempt.Error);
    }
}
