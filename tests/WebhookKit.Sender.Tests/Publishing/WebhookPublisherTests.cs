using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Publishing;

public sealed class WebhookPublisherTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;
    private SenderHarness _sender = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _sender = await StartAsync(To(_receiver));
    }

    public async Task DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task PublishAsync_TypedEvent_SendsTheStandardBody()
    {
        var occurredAt = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.FromHours(2));

        await _sender.WaitForAsync(await _sender.PublishAsync(7, new PublishOptions { OccurredAt = occurredAt }), DeliveryStatus.Succeeded);

        Assert.Equal(
            """{"type":"order.paid","timestamp":"2026-03-04T03:06:07.089Z","data":{"order":7}}""",
            Encoding.UTF8.GetString(Assert.Single(_receiver.Requests).Body.Span));
    }

    [Fact]
    public async Task PublishRawAsync_Bytes_AreSentAsTheyAreWithTheirType()
    {
        byte[] payload = [0x00, 0xFF, 0x0D, 0x0A];

        var id = await _sender.Publisher.PublishRawAsync(new RawEvent("file.made", payload, "application/octet-stream"));
        await _sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        var request = Assert.Single(_receiver.Requests);
        Assert.Equal(payload, request.Body.ToArray());
        Assert.Equal("application/octet-stream", request.Headers["Content-Type"]);
    }

    [Fact]
    public async Task PublishManyAsync_InOrder_OneStoreCall()
    {
        var ids = await _sender.Publisher.PublishManyAsync(Enumerable.Range(0, 3).Select(order => new OrderPaid(order)));

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids, ids.Order());
        Assert.Equal(1, _sender.Store.Calls("AppendAsync"));
        Assert.Empty(await _sender.Publisher.PublishManyAsync<OrderPaid>([]));
        Assert.Equal(1, _sender.Store.Calls("AppendAsync"));
    }

    [Fact]
    public async Task PublishManyAsync_IdempotencyKey_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _sender.Publisher.PublishManyAsync(
            [new OrderPaid(1)], new PublishOptions { IdempotencyKey = "one key for many" }));

    [Fact]
    public async Task PublishAsync_SameIdempotencyKey_ReturnsTheFirstIdAndSendsOnce()
    {
        var options = new PublishOptions { IdempotencyKey = "order-1-paid", OccurredAt = DateTimeOffset.UnixEpoch };

        var first = await _sender.PublishAsync(1, options);
        var second = await _sender.PublishAsync(1, options);

        Assert.Equal(first, second);
        await _sender.WaitForAsync(first, DeliveryStatus.Succeeded);
        await _sender.WaitForAsync(await _sender.PublishAsync(2), DeliveryStatus.Succeeded);
        Assert.Equal(2, _receiver.Requests.Count);
    }

    [Fact]
    public async Task PublishAsync_UnregisteredType_Throws() =>
        await Assert.ThrowsAsync<UnknownEventTypeException>(async () => await _sender.Publisher.PublishAsync(new Version(1, 0)));
}
