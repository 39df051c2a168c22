using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Publishing;

namespace WebhookKit.AspNetCore.Tests.Handlers;

/// <summary>Received events that are published anew.</summary>
public sealed class ForwardTests
{
    private readonly List<string> _published = [];

    [Fact]
    public async Task Forward_EventType_PublishesTheSameBytesUnderTheGivenName()
    {
        await using var host = await StartAsync(source => source
            .Forward("order.paid")
            .Forward("orders/create", publishAs: "shop.order.created")
            .On("order.paid", (_, _) => Task.CompletedTask));

        using var first = await host.SendAsync("""{"type":"order.paid","data":1 }""");
        using var second = await host.SendAsync("""{"type":"orders/create"}""");
        using var third = await host.SendAsync("""{"type":"unknown"}""");

        Assert.All([first, second, third], response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(
            ["""order.paid application/json {"type":"order.paid","data":1 }""", """shop.order.created application/json {"type":"orders/create"}"""],
            _published);
    }

    [Fact]
    public async Task ForwardOthers_EventTypesByAMapping_LeavesOutWhatItNamesNull()
    {
        await using var host = await StartAsync(source => source.ForwardOthers(
            webhook => webhook.EventType.StartsWith("order.", StringComparison.Ordinal) ? $"partner.{webhook.EventType}" : null));

        using var first = await host.SendAsync("""{"type":"order.paid"}""");
        using var second = await host.SendAsync("""{"type":"customer.deleted"}""");

        Assert.Equal(["""partner.order.paid application/json {"type":"order.paid"}"""], _published);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Forward_NameThatCannotBePublished_IsRefusedAndNamesTheCure()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(source => source.Forward("orders/create")));

        Assert.Contains("publishAs:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForwardOthers_MappingToNoName_Answers500()
    {
        await using var host = await StartAsync(source => source.ForwardOthers(_ => "no name"));

        using var response = await host.SendAsync(OrderPaid.Payload);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(host.Store.Claims);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", "application/json; charset=utf-8")]
    [InlineData("application/json;", "application/json")]
    [InlineData("application/json; charset=\"utf-8", "application/json")]
    public async Task Forward_ContentTypeThatNoMessageTakes_IsPublishedWithoutItsParameters(string sent, string published)
    {
        await using var host = await StartAsync(source => source.Forward("order.paid"));

        using var response = await SendAsync(host, sent);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([$"order.paid {published} {OrderPaid.Payload}"], _published);
    }

    [Fact]
    public async Task Forward_ContentTypeLongerThanAColumn_IsPublishedWithoutItsParameters()
    {
        await using var host = await StartAsync(source => source.Forward("order.paid"));

        using var response = await SendAsync(host, $"application/json; note={new string('a', 300)}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([$"order.paid application/json {OrderPaid.Payload}"], _published);
    }

    private static async Task<HttpResponseMessage> SendAsync(ReceiverHost host, string contentType)
    {
        using var request = await host.Requests.CreateAsync("/webhooks/partner", OrderPaid.Payload);
        request.Content!.Headers.Remove("Content-Type");
        Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType));
        return await host.Client.SendAsync(request);
    }

    private Task<ReceiverHost> StartAsync(Action<SourceBuilder> configure) => ReceiverHost.StartAsync(
        configure, setup => setup.ConfigureServices = services => services.AddSingleton<IHandlerPublisher>(
            provider => new Publisher(provider.GetRequiredService<MessageFactory>(), _published)));

    private sealed class Publisher(MessageFactory messages, List<string> published) : IHandlerPublisher
    {
        public ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options, CancellationToken cancellationToken)
        {
            var message = messages.Create(rawEvent, options);
            published.Add($"{message.EventType} {message.ContentType} {Encoding.UTF8.GetString(message.Payload.Span)}");
            return ValueTask.FromResult(message.Id);
        }
    }
}
