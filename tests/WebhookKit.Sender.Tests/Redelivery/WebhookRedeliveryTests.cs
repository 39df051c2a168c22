using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Redelivery;

public sealed class WebhookRedeliveryTests : IAsyncLifetime
{
    private static readonly EndpointId Endpoint = EndpointId.Declared(null, "test");

    private ScriptedReceiver _receiver = null!;
    private SenderHarness _sender = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _sender = await SenderHarness.StartAsync(SenderHarness.To(_receiver, options => options.RetrySchedule = SenderHarness.Retries(10)));
        await _sender.WaitForFirstDeclarationAsync();
    }

    public async Task DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Redeliver_MessageThatFailed_SendsTheSameBytesWithANewCycleOfAttempts()
    {
        _receiver.Answer(ReceiverAnswer.Status(500), ReceiverAnswer.Status(500), ReceiverAnswer.Status(500));
        var id = await _sender.PublishAsync();
        await _sender.WaitForAsync(id, DeliveryStatus.DeadLettered);

        var redelivery = await _sender.Redelivery.RedeliverAsync(RedeliverySelection.OfMessage(id));

        Assert.Equal(1, (await EndAsync(redelivery)).Done);
        var delivery = await _sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Equal([1, 2, 1, 2], (await _sender.AttemptsAsync(delivery)).Select(attempt => attempt.Number));
        Assert.Single(_receiver.Requests.Select(request => (request.Headers["webhook-id"].ToString(), Encoding.UTF8.GetString(request.Body.Span))).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redeliver_EverythingFailedSince_AsksFirstHowMany(bool confirms)
    {
        _receiver.Answer(ReceiverAnswer.Status(500), ReceiverAnswer.Status(500));
        var id = await _sender.PublishAsync();
        await _sender.WaitForAsync(id, DeliveryStatus.DeadLettered);
        var asked = 0;

        var redelivery = await new SupportDesk(_sender.Redelivery, _sender.Cancellation).SendAgainWhatFailedAsync(
            tenant: null!,
            DateTimeOffset.UtcNow.AddDays(-1),
            count =>
            {
                asked = count;
                return confirms;
            },
            default);

        Assert.Equal(1, asked);
        Assert.Equal(confirms, redelivery is not null);
        await _sender.WaitForAsync(id, confirms ? DeliveryStatus.Succeeded : DeliveryStatus.DeadLettered);
    }

    [Fact]
    public async Task Redeliver_EverythingSkippedWhileDisabled_ArrivesOnceEnabled()
    {
        await _sender.Endpoints.SetStatusAsync(Endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);
        var ids = new List<MessageId>();
        for (var order = 0; order < 7; order++)
        {
            ids.Add(await _sender.PublishAsync(order));
            await _sender.WaitForAsync(ids[^1], DeliveryStatus.Skipped);
        }

        await _sender.Endpoints.SetStatusAsync(Endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        var preview = await _sender.Redelivery.PreviewAsync(RedeliverySelection.Skipped(Endpoint));
        Assert.Equal(7, preview.Count);
        var progress = await EndAsync(await _sender.Redelivery.RedeliverAsync(preview.Selection, maxPerSecond: 5));

        Assert.Equal((7, 7, 5), (progress.Count, progress.Done, progress.MaxPerSecond));
        foreach (var id in ids)
        {
            await _sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }
    }

    [Fact]
    public async Task Redeliver_WhileTheAttemptIsUnderWay_SendsAgainOnlyWhatFails()
    {
        var answer = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.Status(500), ReceiverAnswer.When(answer.Task, ReceiverAnswer.Status(500)));
        var id = await _sender.PublishAsync();
        await SenderHarness.UntilAsync(() => Task.FromResult(_receiver.Requests.Count == 2), "the last attempt of the cycle is under way");

        var redelivery = await _sender.Redelivery.RedeliverAsync(RedeliverySelection.OfMessage(id));
        await SenderHarness.UntilAsync(async () => (await _sender.Redelivery.FindAsync(redelivery))!.Count == 1, "it is counted");
        Assert.Null((await _sender.Redelivery.FindAsync(redelivery))!.EndedAt);
        answer.SetResult();

        Assert.Equal(1, (await EndAsync(redelivery)).Done);
        var delivery = await _sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Equal([1, 2, 1], (await _sender.AttemptsAsync(delivery)).Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task Redeliver_RateOutOfBoundsOrUnknownId_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await _sender.Redelivery.RedeliverAsync(RedeliverySelection.Skipped(Endpoint), maxPerSecond: 0));
        Assert.Null(await _sender.Redelivery.FindAsync(new RedeliveryId(Guid.AllBitsSet)));
        Assert.False(await _sender.Redelivery.CancelAsync(new RedeliveryId(Guid.AllBitsSet)));
    }

    [Fact]
    public async Task SendTest_GoesThroughTheWholePipelineMarkedAsATest()
    {
        var id = await _sender.Redelivery.SendTestAsync(Endpoint, new RawEvent("anything.at.all", "{}"u8.ToArray()));

        await _sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        Assert.Equal(MessageOrigin.Test, Assert.Single(await _sender.Outbox.GetMessagesAsync([id], default)).Origin);
        Assert.Equal("{}", Encoding.UTF8.GetString(Assert.Single(_receiver.Requests).Body.Span));
    }

    [Fact]
    public async Task SendTest_UnknownOrDisabledEndpoint_SaysSo()
    {
        var test = new RawEvent("order.paid", "{}"u8.ToArray());
        await Assert.ThrowsAsync<WebhookException>(async () => await _sender.Redelivery.SendTestAsync(EndpointId.Declared(null, "other"), test));
        await _sender.Endpoints.SetStatusAsync(Endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);

        var exception = await Assert.ThrowsAsync<WebhookException>(async () => await _sender.Redelivery.SendTestAsync(Endpoint, test));

        Assert.Contains("Enable it first", exception.Message, StringComparison.Ordinal);
    }

    private async Task<RedeliveryProgress> EndAsync(RedeliveryId id)
    {
        RedeliveryProgress? progress = null;
        await SenderHarness.UntilAsync(
            async () => (progress = await _sender.Redelivery.FindAsync(id)) is { EndedAt: not null }, "the redelivery ends");
        return progress!;
    }
}
