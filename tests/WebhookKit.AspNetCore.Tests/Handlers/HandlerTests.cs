using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Handlers;

public sealed class HandlerTests
{
    [Fact]
    public async Task On_SeveralHandlers_RunInOrderInOneScope()
    {
        var calls = new List<string>();
        var scopes = new HashSet<Guid>();
        await using var host = await ReceiverHost.StartAsync(
            source => source
                .On<OrderPaid, ScopeMark>(OrderPaid.EventType, (_, mark, _) => Record("first", mark.Id))
                .On<OrderPaid, RecordingHandler>(OrderPaid.EventType)
                .On(OrderPaid.EventType, (_, _) => Record("bytes", null)),
            setup => setup.ConfigureServices = services => services
                .AddScoped<ScopeMark>()
                .AddSingleton<Func<string, Guid?, Task>>(Record));

        using var response = await host.SendAsync(OrderPaid.Payload);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["first", "class o1", "bytes"], calls);
        Assert.Single(scopes);

        Task Record(string call, Guid? scope)
        {
            calls.Add(call);
            _ = scope is { } id && scopes.Add(id);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task On_FirstHandlerFails_OthersDoNotRunAndNothingIsClaimed()
    {
        var ran = false;
        await using var host = await ReceiverHost.StartAsync(source => source
            .On<OrderPaid>(OrderPaid.EventType, (_, _) => throw new InvalidOperationException("first"))
            .On<OrderPaid>(OrderPaid.EventType, (_, _) => Task.FromResult(ran = true)));

        using var response = await host.SendAsync(OrderPaid.Payload);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(ran);
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task On_DelegatesWithServices_GetThemFromTheHandlersScope()
    {
        var got = new List<object>();
        await using var host = await ReceiverHost.StartAsync(
            source => source
                .On<OrderPaid, One>("one", (_, one, _) => Keep(one))
                .On<OrderPaid, One, Two>("two", (_, one, two, _) => Keep(one, two))
                .On<OrderPaid, One, Two, Three>("three", (_, one, two, three, _) => Keep(one, two, three)),
            setup => setup.ConfigureServices = services => services.AddScoped<One>().AddScoped<Two>().AddScoped<Three>());

        foreach (var type in (string[])["one", "two", "three"])
        {
            using var response = await host.SendAsync(OrderPaid.Payload.Replace(OrderPaid.EventType, type, StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(
            [typeof(One), typeof(One), typeof(Two), typeof(One), typeof(Two), typeof(Three)], got.Select(service => service.GetType()));
        Assert.Equal(3, got.OfType<One>().Distinct().Count());

        Task Keep(params object[] services)
        {
            got.AddRange(services);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task On_StoreRunsTheHandlerAgain_EachRunHasDataOfItsOwn()
    {
        var lists = new List<List<int>>();
        await using var host = await ReceiverHost.StartAsync(source => source.On<List<int>>("list", (webhook, _) =>
        {
            webhook.Data.Add(4);
            lists.Add(webhook.Data);
            return Task.CompletedTask;
        }));
        host.Store.Runs = 2;

        using var response = await host.SendAsync("""{"type":"list","data":[1,2,3]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([[1, 2, 3, 4], [1, 2, 3, 4]], lists);
    }

    [Theory]
    [InlineData("""{"type":"order.paid"}""", "Missing at '/data'")]
    [InlineData("""{"type":"order.paid","data":null}""", "it is null")]
    [InlineData("""{"type":"order.paid","data":"zanzibar"}""", "line 0, byte 10 of '/data'")]
    [InlineData("""{"type":"order.paid","data":{"id":"zanzibar","total":"zanzibar"}}""", "line 0, byte 35 of '/data'")]
    [InlineData("""{"type":"order.paid","data":{"id":"zanzibar","id":"o1","total":1}}""", "of '/data'")]
    [InlineData("""{"type":"order.paid","data":{},"data":{"id":"zanzibar","total":1}}""", "Duplicate at '/data'")]
    public async Task Receive_DataThatDoesNotBind_Answers500AndSaysWhere(string payload, string where)
    {
        await using var host = await ReceiverHost.StartAsync(
            source => source.On<OrderPaid>(OrderPaid.EventType, (_, _) => Task.CompletedTask));

        using var response = await host.SendAsync(payload);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(where, host.Log.Single("DataNotBound").Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Text.Contains("zanzibar", StringComparison.Ordinal));
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task Receive_ProviderWithOtherPointers_BindsWhereItSays()
    {
        var provider = new Verification.WebhookProvider
        {
            Name = "nested",
            DataPointer = "/a~1b/c~0d",
            EventTypePointer = "/meta/kind",
            ContentTypes = [],
            RetrySpan = TimeSpan.FromDays(10),
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
            ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
        };
        var data = 0;
        await using var host = await ReceiverHost.StartAsync((receiver, secret) => receiver.AddSource("partner", provider, source => source
            .AddSecret(secret.Reveal())
            .On<int>("deep", (webhook, _) => Task.FromResult(data = webhook.Data))));

        using var response = await host.SendAsync("""{"a/b":{"x":[{}],"c~d":42},"meta":{"kind":"deep"}}""", new() { ContentType = "text/plain" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(42, data);
        Assert.Equal(TimeSpan.FromDays(11), Assert.Single(host.Store.Claims.Values).Memory);
    }

    private sealed class ScopeMark
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    private sealed class RecordingHandler(ScopeMark mark, Func<string, Guid?, Task> record) : IWebhookHandler<OrderPaid>
    {
        public Task HandleAsync(ReceivedWebhook<OrderPaid> webhook, CancellationToken cancellationToken) =>
            record($"class {webhook.Data.Id}", mark.Id);
    }

    private sealed class One;

    private sealed class Two;

    private sealed class Three;
}
