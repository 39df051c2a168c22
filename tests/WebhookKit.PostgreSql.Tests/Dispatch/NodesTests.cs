using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.PostgreSql.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.PostgreSql.Tests.Dispatch;

/// <summary>Nodes of one application: what one cannot send at once, another sends without waiting for its poll.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private readonly Dictionary<string, ScriptedReceiver> _receivers = [];
    private PostgresSchema _schema = null!;

    public async Task InitializeAsync()
    {
        _schema = await PostgresSchema.CreateAsync();
        foreach (var eventType in new[] { "order.paid", "order.stuck" })
        {
            _receivers[eventType] = await ScriptedReceiver.StartAsync();
        }

        _receivers["order.stuck"].DefaultAnswer = ReceiverAnswer.Hang();
    }

    public async Task DisposeAsync()
    {
        foreach (var receiver in _receivers.Values)
        {
            await receiver.DisposeAsync();
        }

        await _schema.DisposeAsync();
    }

    [Fact]
    public async Task Publish_OnAPublishOnlyNode_IsSentByTheOtherLongBeforeItsPoll()
    {
        await using var publisher = await StartAsync(sender => sender.DisableDispatcher(), UseWakeUp);
        await using var sender = await StartAsync(NeverPoll, UseWakeUp);

        for (var order = 0; order < 3; order++)
        {
            var id = await publisher.Publisher.PublishAsync(new OrderPaid($"alone {order}"));
            await sender.WaitUntilDeliveredAsync(id);

            await publisher.InDbAsync(async db =>
            {
                id = db.PublishWebhook(new OrderPaid($"saved {order}"));
                await db.SaveChangesAsync();
            });
            await sender.WaitUntilDeliveredAsync(id);
        }
    }

    [Fact]
    public async Task Publish_WhileEverySlotIsTaken_IsSentByTheOtherLongBeforeItsPoll()
    {
        await using var full = await StartAsync(sender => sender.Configure(options =>
        {
            options.PollInterval = TimeSpan.FromHours(1);
            options.MaxInFlight = 1;
            options.AttemptTimeout = TimeSpan.FromMinutes(5);
        }), UseWakeUp);
        await full.Publisher.PublishRawAsync(new RawEvent("order.stuck", "{}"u8.ToArray()));
        await _receivers["order.stuck"].WaitForRequestsAsync(1);
        await using var sender = await StartAsync(NeverPoll, UseWakeUp);
        await WaitUntilListeningAsync(nodes: 2);

        for (var order = 0; order < 5; order++)
        {
            var id = await full.Publisher.PublishAsync(new OrderPaid($"{order}"));
            await sender.WaitUntilDeliveredAsync(id);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_NotToldOrToldInVain_IsFoundByThePoll(bool isServerAway)
    {
        await using var away = new ServerProxy(_schema.ConnectionString);
        Action<WebhooksBuilder> configure = isServerAway ? webhooks => webhooks.UsePostgreSqlWakeUp(away.ConnectionString) : _ => { };
        await using var publisher = await StartAsync(sender => sender.DisableDispatcher(), configure);
        await using var sender = await StartAsync(
            builder => builder.Configure(options => options.PollInterval = TimeSpan.FromMilliseconds(200)), configure);

        for (var order = 0; order < 3; order++)
        {
            var id = await publisher.Publisher.PublishAsync(new OrderPaid($"{order}"));
            await sender.WaitUntilDeliveredAsync(id);
        }
    }

    [Fact]
    public async Task Stop_WithAnAttemptGivenUp_TheOtherTakesItOverLongBeforeItsPoll()
    {
        var stuck = _receivers["order.stuck"];
        stuck.DefaultAnswer = ReceiverAnswer.Status(200);
        stuck.Answer(ReceiverAnswer.Hang());
        var stopping = await StartAsync(sender => sender.Configure(options => options.RetrySchedule = new([])), UseWakeUp);
        var id = await stopping.Publisher.PublishRawAsync(new RawEvent("order.stuck", "{}"u8.ToArray()));
        await stuck.WaitForRequestsAsync(1);
        await using var sender = await StartAsync(NeverPoll, UseWakeUp);
        await WaitUntilListeningAsync(nodes: 2);
        await sender.WaitUntilDeliveredAsync(await sender.Publisher.PublishAsync(new OrderPaid("swept once")));

        await stopping.DisposeAsync();

        await sender.WaitUntilDeliveredAsync(id);
        Assert.Equal(2, stuck.Requests.Count);
    }

    private static void NeverPoll(SenderBuilder sender) => sender.Configure(options => options.PollInterval = TimeSpan.FromHours(1));

    private void UseWakeUp(WebhooksBuilder webhooks) => webhooks.UsePostgreSqlWakeUp(_schema.ConnectionString);

    private Task WaitUntilListeningAsync(int nodes) => Eventually.ReadAsync(
        () => ServerSessions.CountListenersAsync(_schema.ConnectionString), listeners => listeners == nodes, "the number of listening nodes");

    private Task<Node> StartAsync(Action<SenderBuilder> configureSender, Action<WebhooksBuilder> configure) =>
        Node.StartAsync(_schema.ConnectionString, _receivers, configureSender, configure);
}
