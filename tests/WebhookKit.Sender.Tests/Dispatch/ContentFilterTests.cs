using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Which messages reach an endpoint that looks into them.</summary>
public sealed class ContentFilterTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Publish_EndpointHasAFilter_SendsWhatMeetsItAndNothingElse()
    {
        await using var sender = await StartAsync(Filtering("""{"data":{"order":{"$gte":10}}}"""));

        var unwanted = await sender.PublishAsync(9);
        var wanted = await sender.PublishAsync(10);

        await sender.WaitForAsync(wanted, DeliveryStatus.Succeeded);
        await UntilAsync(() => Task.FromResult(sender.Log.Count("MessagesUnwanted") > 0), "the log to say that nobody wants the other");
        Assert.Empty(await sender.Deliveries.GetByMessageAsync(unwanted, default));
        Assert.Equal(wanted.ToString(), Assert.Single(_receiver.Requests).Headers["webhook-id"]);
    }

    [Fact]
    public async Task Publish_SeveralEndpoints_EachIsAskedItself()
    {
        await using var sender = await StartAsync(builder =>
        {
            Add(builder, "small", """{"data":{"order":{"$lt":10}}}""");
            Add(builder, "large", """{"data":{"order":{"$gte":10}}}""");
            Add(builder, "all", null);
        });

        var id = await sender.PublishAsync(3);

        await UntilAsync(
            async () => (await sender.Deliveries.GetByMessageAsync(id, default)).Count(one => one.Status == DeliveryStatus.Succeeded) == 2,
            "two deliveries");
        Assert.Equal(
            new[] { EndpointId.Declared(null, "small"), EndpointId.Declared(null, "all") }.Order(),
            (await sender.Deliveries.GetByMessageAsync(id, default)).Select(delivery => delivery.EndpointId).Order());
    }

    [Theory]
    [InlineData("<order/>")]
    [InlineData("{\"data\":")]
    [InlineData("{\"data\":{\"order\":\"\\ud800\"}}")]
    public async Task Publish_PayloadCannotBeFiltered_SkipsVisibly(string payload)
    {
        await using var sender = await StartAsync(Filtering("""{"data":{"order":{"$startsWith":"x"}}}"""));

        var id = await sender.Publisher.PublishRawAsync(
            new RawEvent("order.paid", Encoding.UTF8.GetBytes(payload), "application/xml"));

        var delivery = await sender.WaitForAsync(id, DeliveryStatus.Skipped);
        Assert.Equal(DeliveryStatusReason.FilterFailed, delivery.Reason);
        await UntilAsync(() => Task.FromResult(sender.Log.Count("FilterFailed") == 1), "the log to say so");
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Publish_FilterOfAnotherVersion_SkipsVisibly()
    {
        await using var sender = await StartAsync(Filtering(null));
        await sender.WaitForFirstDeclarationAsync();
        await sender.Endpoints.DeclareAsync(
            [(await sender.Endpoints.GetAsync([EndpointId.Declared(null, "test")], default))[0] with { Filter = """{"a":{"$later":1}}""" }],
            long.MaxValue,
            default);

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Skipped);

        Assert.Equal(DeliveryStatusReason.FilterFailed, delivery.Reason);
    }

    [Fact]
    public async Task Publish_ToThatEndpointOnPurpose_IsSentWhateverItsFilter()
    {
        await using var sender = await StartAsync(Filtering("""{"data":{"order":{"$gte":10}}}"""));

        var id = await sender.PublishAsync(1, new PublishOptions { TargetEndpointId = EndpointId.Declared(null, "test") });

        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
    }

    private Action<SenderBuilder> Filtering(string? filter) => builder => Add(builder, "test", filter);

    private void Add(SenderBuilder builder, string name, string? filter) =>
        builder.AddEndpoint(name, _receiver.Url.ToString(), endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Filter = filter;
            endpoint.Secrets.Add(Secret.Reveal());
        });
}
