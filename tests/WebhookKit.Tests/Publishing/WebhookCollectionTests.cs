using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Publishing;

namespace WebhookKit.Tests.Publishing;

public sealed class WebhookCollectionTests
{
    private readonly WebhookCollection _webhooks = [];

    [Fact]
    public void Publish_SeveralEvents_KeepsTheirOrder()
    {
        _webhooks.Publish("one");
        _webhooks.Publish("two", new PublishOptions { TenantId = "acme" });

        Assert.Equal(2, _webhooks.Count);
        Assert.Equal([("one", null), ("two", "acme")], _webhooks.Select(CreateMessage));
    }

    [Fact]
    public void Publish_Function_IsAskedWhenTheMessageIsMade()
    {
        var id = "not saved yet";
        _webhooks.Publish(() => id);

        id = "42";

        Assert.Equal([("42", null)], _webhooks.Select(CreateMessage));
    }

    [Fact]
    public void Remove_OneOfTwo_KeepsTheOther()
    {
        _webhooks.Publish("one");
        _webhooks.Publish("two");
        var first = _webhooks.First();

        Assert.True(_webhooks.Remove(first));
        Assert.False(_webhooks.Remove(first));

        Assert.Equal([("two", null)], _webhooks.Select(CreateMessage));
    }

    private static (string Data, string? TenantId) CreateMessage(PendingWebhook pending)
    {
        var services = new ServiceCollection();
        services.AddWebhooks().AddEventType<string>("text.sent");
        using var provider = services.BuildServiceProvider();
        var message = pending.CreateMessage(provider.GetRequiredService<MessageFactory>());
        using var body = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(message.Payload.Span));
        return (body.RootElement.GetProperty("data").GetString()!, message.TenantId);
    }
}
