using System.Net;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>The receiver on a store that ships, rather than on a fake.</summary>
public sealed class InMemoryStoreTests
{
    [Fact]
    public async Task Receive_ConcurrentCopies_HaveOneEffectAndNoneIsLost()
    {
        var runs = 0;
        await using var host = await StartAsync(async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            await Task.Yield();
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" })));

        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Receive_FailedThenSentAgain_IsHandledAndLaterCopiesAreNot()
    {
        var runs = 0;
        await using var host = await StartAsync((_, _) => ++runs == 1 ? throw new InvalidOperationException() : Task.CompletedTask);

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(2, runs);
    }

    private static Task<ReceiverHost> StartAsync(Func<ReceivedWebhook<OrderPaid>, CancellationToken, Task> handler) =>
        ReceiverHost.StartAsync(source => source.On(OrderPaid.EventType, handler), setup =>
        {
            setup.HasStore = false;
            setup.ConfigureServices = services => services.AddWebhooks().UseInMemoryStore();
        });
}
