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

    private Task<ReceiverHost> StartAsync(Action<SourceBuilder> configure) => ReceiverHost.StartAsync(
        configure, setup => setup.ConfigureServices = services => services.AddSingleton<IHandlerPublisher>(new Publisher(_published)));

    private sealed class Publisher(List<string> published) : IHandlerPublisher
    {
        public ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options, CancellationToken cancellationToken)
        {
            published.Add($"{rawEvent.EventType} {rawEvent.ContentType} {Encoding.UTF8.GetString(rawEvent.Payload.Span)}");
            return default;
        }
    }
}
