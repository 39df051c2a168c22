using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Outbox;
using WebhookKit.Rendering;
using WebhookKit.Retention;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Outbox;

/// <summary>What every outbox promises about renderings: kept once for a message and format, and gone with the message.</summary>
public abstract class RenderingSuite : DeliverySuite
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task FanOut_DeliveriesInFormats_KeepsEachRenderingOnceAndLeasesThemByIt()
    {
        var endpoints = await DeclareAsync("plain", "one", "two", "other");
        var message = NewMessage(payload: """{"a":1}""");
        await Store.Outbox.AppendAsync([message], default);
        var (small, large) = (Render(message, "small", "s"), Render(message, "Large", "l", "text/plain"));

        await Store.Outbox.FanOutPendingAsync(10, Plan(_ =>
        [
            NewDelivery(message.Id, endpoints[0]),
            In(small, endpoints[1]),
            In(small, endpoints[2]),
            In(large, endpoints[3]),
        ]), default);

        AssertSame([large, small], await ReadAsync(message.Id));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(Assert.Single(await Store.Outbox.GetMessagesAsync([message.Id], default)).Payload.Span));
        string?[] formats = [null, "small", "small", "Large"];
        var leased = (await LeaseAllAsync(endpoints)).ToDictionary(delivery => delivery.EndpointId);
        Assert.Equal(formats, endpoints.Select(endpoint => leased[endpoint].PayloadFormat));
        var deliveries = (await Store.Deliveries.GetByMessageAsync(message.Id, default)).ToDictionary(delivery => delivery.EndpointId);
        Assert.Equal(formats, endpoints.Select(endpoint => deliveries[endpoint].PayloadFormat));
    }

    [Fact]
    public async Task FanOut_LeasedAtOnceAndFailed_KeepsItsFormat()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        var leaseId = Ids.NewLeaseId();
        var made = await Store.Outbox.FanOutCommittedAsync([message], Plan(_ =>
            [In(Render(message, "small", "s"), endpoint) with { LeaseId = leaseId, LeaseDuration = LeaseDuration }]), default);

        await CompleteAsync(Fail(new LeasedDelivery(made.Deliveries[0].Id, message.Id, endpoint, leaseId, 0, 1)));

        Assert.Equal("small", Assert.Single(await LeaseAllAsync(endpoint)).PayloadFormat);
    }

    [Fact]
    public async Task FanOut_FormatWithoutARendering_KeepsTheFormatAlone()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        await Store.Outbox.FanOutPendingAsync(10, Plan(_ => [NewDelivery(message.Id, endpoint) with { PayloadFormat = "later" }]), default);

        Assert.Equal("later", Assert.Single(await LeaseAllAsync(endpoint)).PayloadFormat);
        Assert.Empty(await ReadAsync(message.Id));
    }

    [Fact]
    public async Task FanOut_ManyMessagesInFormats_KeepsAllOfThem()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var messages = NewMessages(300);
        await Store.Outbox.AppendAsync(messages, default);

        await Store.Outbox.FanOutPendingAsync(
            300, Plan(message => [In(Render(message, "small", message.Id.ToString()), endpoint)]), default);

        var stored = await ReadAsync([.. messages.Select(message => message.Id)]);
        Assert.Equal(300, stored.Length);
        Assert.All(stored, rendering => Assert.Equal(rendering.MessageId.ToString(), Encoding.UTF8.GetString(rendering.Payload.Span)));
    }

    [Fact]
    public async Task AddRenderingsAsync_SomeAreThere_KeepsThoseAndAddsTheRest()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.AddRenderingsAsync([Render(message, "small", "first")], default);

        await Store.Outbox.AddRenderingsAsync(
            [Render(message, "small", "second"), Render(message, "large", "l"), Render(message, "large", "again"), Render(NewMessage(), "small", "of nobody")], default);

        AssertSame([Render(message, "large", "l"), Render(message, "small", "first")], await ReadAsync(message.Id));
    }

    [Fact]
    public async Task AddRenderingsAsync_ManyAtOnce_OneStandsForAll()
    {
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(
            async () => await Store.Outbox.AddRenderingsAsync([Render(message, "small", $"{number}")], default))));

        Assert.Single(await ReadAsync(message.Id));
    }

    [Fact]
    public async Task EraseMessage_WithRenderings_ErasesThemForGood()
    {
        var (kept, erased) = (NewMessage(), NewMessage());
        await Store.Outbox.AppendAsync([kept, erased], default);
        await Store.Outbox.AddRenderingsAsync([Render(kept, "small", "k"), Render(erased, "small", "e")], default);

        await Store.Erasure.EraseMessageAsync(erased.Id, default);
        await Store.Outbox.AddRenderingsAsync([Render(erased, "small", "e"), Render(erased, "large", "e")], default);

        Assert.Equal([kept.Id], (await ReadAsync(kept.Id, erased.Id)).Select(rendering => rendering.MessageId));
    }

    [Fact]
    public async Task EraseTenant_WithRenderings_ErasesThem()
    {
        var (acme, other) = (NewMessage("acme"), NewMessage("other"));
        await Store.Outbox.AppendAsync([acme, other], default);
        await Store.Outbox.AddRenderingsAsync([Render(acme, "small", "a"), Render(other, "small", "o")], default);

        await Store.Erasure.EraseMessagesAsync("acme", 10, default);

        Assert.Equal([other.Id], (await ReadAsync(acme.Id, other.Id)).Select(rendering => rendering.MessageId));
    }

    [Fact]
    public async Task DeleteMessages_WithRenderings_DeletesThem()
    {
        var endpoint = Assert.Single(await DeclareAsync("one"));
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(10, Plan(_ => [In(Render(message, "small", "s"), endpoint)]), default);
        await CompleteAsync(Succeed(Assert.Single(await LeaseAllAsync(endpoint))));
        await Store.AdvanceAsync(2 * Month);
        await Store.Retention.DeleteDeliveriesAsync(new DeliveryRetention(Month, Month, Month, Month), null, 10, default);
        Assert.Single(await ReadAsync(message.Id));

        Assert.Equal(1, (await Store.Retention.DeleteMessagesAsync(Month, null, 10, default)).Deleted);

        Assert.Empty(await ReadAsync(message.Id));
    }

    [Fact]
    public async Task GetRenderingsAsync_NothingAsked_GivesNothing() => Assert.Empty(await ReadAsync());

    private NewDelivery In(MessageRendering rendering, EndpointId endpoint) =>
        NewDelivery(rendering.MessageId, endpoint) with { PayloadFormat = rendering.Format, Rendering = rendering };

    private static MessageRendering Render(WebhookMessage message, string format, string payload, string contentType = "application/json") =>
        new(message.Id, format, contentType, Encoding.UTF8.GetBytes(payload));

    private async Task<MessageRendering[]> ReadAsync(params MessageId[] ids) =>
    [
        .. (await Store.Outbox.GetRenderingsAsync(ids, default))
            .OrderBy(rendering => rendering.MessageId).ThenBy(rendering => rendering.Format, StringComparer.Ordinal),
    ];

    private static void AssertSame(MessageRendering[] expected, MessageRendering[] actual) => Assert.Equal(
        expected.Select(one => (one.MessageId, one.Format, one.ContentType, Encoding.UTF8.GetString(one.Payload.Span))),
        actual.Select(one => (one.MessageId, one.Format, one.ContentType, Encoding.UTF8.GetString(one.Payload.Span))));
}
