using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.Retry;
using WebhookKit.Signing;

namespace WebhookKit.Testing.Tests.Receivers;

/// <summary>Tests an application's own webhooks, as its author would.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task PublishAsync_ReceiverFailsOnce_ArrivesAtTheSecondAttempt()
    {
        #region receiver
        await using var receiver = await ScriptedReceiver.StartAsync();
        receiver.Answer(ReceiverAnswer.Status(500), ReceiverAnswer.Status(204));
        using var host = await StartAsync(receiver.Url);

        var publisher = host.Services.GetRequiredService<IWebhookPublisher>();
        var id = await publisher.PublishAsync(new OrderPaid("A-1001"));

        var requests = await receiver.WaitForRequestsAsync(2);
        Assert.All(requests, request => Assert.Equal(id.ToString(), request.Headers[StandardWebhooksHeaders.Id]));
        #endregion
    }

    private static async Task<IHost> StartAsync(Uri url)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddWebhooks()
            .AddSender(sender => sender
                .AddEventType<OrderPaid>("order.paid")
                .AddEndpoint("warehouse", url.AbsoluteUri, endpoint =>
                {
                    endpoint.EventTypes.Add("order.*");
                    endpoint.Secrets.Add(WebhookSecret.Generate().Reveal());
                })
                .Configure(options =>
                {
                    options.AllowInsecureEndpoints = true;
                    options.AllowLoopback = true;
                    options.RetrySchedule = new RetrySchedule([TimeSpan.Zero]);
                }))
            .UseInMemoryStore();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed record OrderPaid(string Order);
}
