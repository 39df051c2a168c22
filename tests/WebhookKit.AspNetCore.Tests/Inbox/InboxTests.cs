using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Inbox;
using WebhookKit.Retry;

namespace WebhookKit.AspNetCore.Tests.Inbox;

/// <summary>Events that are acknowledged once they are kept, and handled in the background.</summary>
public sealed class InboxTests
{
    // Small beside a lease, however often a test lets it pass.
    private static readonly TimeSpan WakeUp = TimeSpan.FromMilliseconds(20);

    private FaultyInboxStore? _store;

    [Fact]
    public async Task Receive_WithInbox_AnswersWithoutWaitingForTheHandler()
    {
        var goOn = new TaskCompletionSource();
        ReceivedWebhook<OrderPaid>? handled = null;
        await using var host = await StartAsync(source => source.On<OrderPaid>(OrderPaid.EventType, async (webhook, _) =>
        {
            await goOn.Task;
            handled = webhook;
        }));

        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(InboxStatus.Pending, await StatusAsync(host, "msg_1"));
        goOn.SetResult();
        await UntilStatusAsync(host, "msg_1", InboxStatus.Handled);

        Assert.Equal(new OrderPaid("o1", 12.5m), handled!.Data);
        Assert.Equal(("partner", "msg_1", "order.paid"), (handled.Source, handled.Id, handled.EventType));
        Assert.Equal(host.Clock.GetUtcNow(), handled.Timestamp);
        Assert.Equal(OrderPaid.Payload, Encoding.UTF8.GetString(handled.Payload.Span));
        Assert.Equal("application/json", handled.ContentType);
    }

    [Fact]
    public async Task Receive_ConcurrentCopies_HaveOneEffect()
    {
        var runs = 0;
        await using var host = await StartAsync(source => source.On(OrderPaid.EventType, (_, _) => Task.FromResult(Interlocked.Increment(ref runs))));

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await UntilStatusAsync(host, "msg_1", InboxStatus.Handled);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Receive_SeveralEvents_KeepsTheWantedOnes()
    {
        var handled = new ConcurrentQueue<string>();
        await using var host = await StartAsync(
            source => source.On("a", (webhook, _) =>
            {
                handled.Enqueue($"{webhook.Id} {Encoding.UTF8.GetString(webhook.Payload.Span)}");
                return Task.CompletedTask;
            }),
            eventsPointer: "");

        using var response = await host.SendAsync("""[{"id":"1","type":"a"},{"id":"2","type":"b"},{"id":"3","type":"a"},{"id":"1","type":"a"}]""");
        await Poll.UntilAsync(() => handled.Count == 2);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["""1 {"id":"1","type":"a"}""", """3 {"id":"3","type":"a"}"""], handled.Order());
        Assert.Null(await StatusAsync(host, "2"));
        host.Log.Single("Unwanted");
    }

    [Fact]
    public async Task Handle_HandlerFails_IsHandledAgainWhenDue()
    {
        var runs = 0;
        await using var host = await StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) => Interlocked.Increment(ref runs) < 3
                ? throw new InvalidOperationException("no stock")
                : Task.CompletedTask),
            inbox => inbox.RetrySchedule = new RetrySchedule([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)]));

        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        for (var attempts = 1; attempts <= 2; attempts++)
        {
            await Poll.UntilAsync(() =>
            {
                host.Clock.Advance(WakeUp);
                return _store!.Completed == attempts;
            });
            host.Clock.Advance(TimeSpan.FromSeconds(6));
        }

        await UntilStatusAsync(host, "msg_1", InboxStatus.Handled, WakeUp);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, runs);
        var failures = host.Log.Own.Where(entry => entry.EventName == "InboxEventFailed").ToArray();
        Assert.Contains("Attempt 1 to handle inbox event msg_1", failures[0].Text, StringComparison.Ordinal);
        Assert.Contains("Attempt 2 to handle inbox event msg_1", failures[1].Text, StringComparison.Ordinal);
        Assert.Contains("no stock", failures[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handle_NotBeforeTheRetryIsDue()
    {
        var runs = 0;
        await using var host = await StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) =>
            {
                Interlocked.Increment(ref runs);
                throw new InvalidOperationException("no stock");
            }),
            inbox => inbox.RetrySchedule = new RetrySchedule([TimeSpan.FromHours(1)], jitter: 0));
        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        await Poll.UntilAsync(() => _store!.Completed == 1);

        // The loop is seen to look, and finds nothing due.
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        using var other = await host.SendAsync(OrderPaid.Payload.Replace("order.paid", "other", StringComparison.Ordinal), new() { Id = "msg_2" });
        await UntilStatusAsync(host, "msg_2", InboxStatus.Handled);
        Assert.Equal(1, runs);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilStatusAsync(host, "msg_1", InboxStatus.DeadLettered, WakeUp);
        Assert.Equal(2, runs);
        Assert.Contains("after attempt 2", host.Log.Single("InboxEventDeadLettered").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handle_SameOrderingKey_OneAfterTheOtherInTheirOrder()
    {
        var goOn = new TaskCompletionSource();
        var handled = new ConcurrentQueue<string>();
        await using var host = await StartAsync(
            source => source.On("a", async (webhook, _) =>
            {
                if (webhook.Id == "1")
                {
                    await goOn.Task;
                }

                handled.Enqueue(webhook.Id);
            }),
            inbox => inbox.OrderingKeyPointer = "/customer",
            eventsPointer: "");

        using var response = await host.SendAsync(
            """[{"id":"1","type":"a","customer":"x"},{"id":"2","type":"a","customer":"x"},{"id":"3","type":"a","customer":"y"},{"id":"4","type":"a"}]""");
        await Poll.UntilAsync(() => handled.Count == 2);
        Assert.Equal(["3", "4"], handled.Order());
        goOn.SetResult();
        await Poll.UntilAsync(() => handled.Count == 4);

        Assert.Equal(["1", "2"], handled.Skip(2));
    }

    [Fact]
    public async Task Handle_MoreThanMaxConcurrency_WaitForASlot()
    {
        var goOn = new SemaphoreSlim(0);
        var (running, most, done) = (0, 0, 0);
        var gate = new Lock();
        await using var host = await StartAsync(
            source => source.On("a", async (_, cancellationToken) =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++running);
                }

                await goOn.WaitAsync(cancellationToken);
                lock (gate)
                {
                    running--;
                    done++;
                }
            }),
            inbox => inbox.MaxConcurrency = 2,
            eventsPointer: "");

        using var response = await host.SendAsync($"[{string.Join(',', Enumerable.Range(0, 6).Select(i => $$"""{"id":"{{i}}","type":"a"}"""))}]");
        for (var finished = 1; finished <= 6; finished++)
        {
            goOn.Release();
            await Poll.UntilAsync(() => done == finished);
        }

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Handle_HandlerOutlivesItsTimeout_IsAFailedAttempt()
    {
        var started = new TaskCompletionSource();
        await using var host = await StartAsync(source =>
        {
            source.HandlerTimeout = TimeSpan.FromSeconds(7);
            source.On(OrderPaid.EventType, (_, cancellationToken) =>
            {
                started.TrySetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            });
        });
        using var response = await host.SendAsync(OrderPaid.Payload);
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));

        host.Clock.Advance(TimeSpan.FromSeconds(7));
        await Poll.UntilAsync(() => host.Log.Own.Any(entry => entry.EventName == "InboxEventFailed"));

        Assert.Contains("took longer than 00:00:07", host.Log.Single("InboxEventFailed").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handle_DataThatDoesNotBind_IsAFailedAttemptThatSaysWhere()
    {
        await using var host = await StartAsync(source => source.On<OrderPaid>(OrderPaid.EventType, (_, _) => Task.CompletedTask));

        using var response = await host.SendAsync("""{"type":"order.paid","data":"zanzibar"}""");
        await Poll.UntilAsync(() => host.Log.Own.Any(entry => entry.EventName == "InboxEventFailed"));

        Assert.Contains("line 0, byte 10 of '/data'", host.Log.Single("InboxEventFailed").Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Text.Contains("zanzibar", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handle_LeasedSixTimesWithoutAnOutcome_IsDeadLetteredWithoutRunning()
    {
        var runs = 0;
        await using var host = await StartAsync(source => source.On(OrderPaid.EventType, (_, _) => Task.FromResult(++runs)));
        _store!.LeasesReported = 6;

        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        await UntilStatusAsync(host, "msg_1", InboxStatus.DeadLettered);

        Assert.Equal(0, runs);
        host.Log.Single("InboxEventAbandoned");
    }

    [Fact]
    public async Task HandleAgain_DeadLetterWhoseCauseIsMended_IsHandledWithoutWaitingForThePoll()
    {
        var isMended = false;
        await using var host = await StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) => Volatile.Read(ref isMended)
                ? Task.CompletedTask
                : throw new InvalidOperationException("no stock")),
            inbox => inbox.RetrySchedule = new RetrySchedule([]));
        using var first = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        using var second = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_2" });
        await UntilStatusAsync(host, "msg_1", InboxStatus.DeadLettered);
        await UntilStatusAsync(host, "msg_2", InboxStatus.DeadLettered);
        var inbox = host.Services.GetRequiredService<IWebhookInbox>();
        var selection = new InboxDeadLetterSelection { Source = "partner" };
        Assert.Equal(2, (await inbox.PreviewAsync(selection)).Count);
        var letter = (await inbox.ListAsync(selection)).Single(letter => letter.Key == "msg_2");
        Assert.Contains("no stock", letter.Error, StringComparison.Ordinal);

        Assert.Equal(1, await inbox.DiscardAsync(InboxDeadLetterSelection.Of(letter), "known by hand"));
        Volatile.Write(ref isMended, true);
        Assert.Equal(1, await inbox.HandleAgainAsync(selection));
        await UntilStatusAsync(host, "msg_1", InboxStatus.Handled);

        Assert.Equal(InboxStatus.Discarded, await StatusAsync(host, "msg_2"));
        Assert.Equal(0, (await inbox.PreviewAsync(selection)).Count);
        await Assert.ThrowsAsync<ArgumentException>(() => inbox.DiscardAsync(selection, " "));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await inbox.ListAsync(selection, 1001));
    }

    [Fact]
    public async Task Handle_ErrorThatPostgreSqlCannotStore_IsKeptWithoutHalfASurrogatePair()
    {
        const string smile = "\U0001F600";
        var start = $"\0{smile[1..]}{smile}".PadRight(InboxDefaults.MaxErrorLength - $"{nameof(InvalidOperationException)}: ".Length - 1, 'a');
        await using var host = await StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) => Task.FromException(new InvalidOperationException(start + smile))),
            inbox => inbox.RetrySchedule = new RetrySchedule([]));

        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        await UntilStatusAsync(host, "msg_1", InboxStatus.DeadLettered);

        var inbox = host.Services.GetRequiredService<IWebhookInbox>();
        var letter = Assert.Single(await inbox.ListAsync(new InboxDeadLetterSelection { Source = "partner" }));
        Assert.Equal($"{nameof(InvalidOperationException)}:  \uFFFD{smile}{start[4..]}\uFFFD", letter.Error);
        Assert.Equal(InboxDefaults.MaxErrorLength, letter.Error!.Length);
    }

    [Fact]
    public async Task Handle_StoreAway_IsToldOnceAndSurvived()
    {
        var runs = 0;
        await using var host = await StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) => Interlocked.Increment(ref runs) == 1
                ? throw new InvalidOperationException("no stock")
                : Task.CompletedTask),
            inbox => inbox.RetrySchedule = new RetrySchedule([TimeSpan.FromSeconds(2)]));
        _store!.CompletionsToFail = 2;
        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        await Poll.UntilAsync(() =>
        {
            host.Clock.Advance(WakeUp);
            return host.Log.Own.Any(entry => entry.EventName == "InboxOutageEnded");
        });
        Assert.Single(host.Log.Own, entry => entry.EventName == "InboxOutageBegan");

        _store.LeasesToFail = 3;
        await UntilStatusAsync(host, "msg_1", InboxStatus.Handled, WakeUp);

        Assert.Equal(2, runs);
        Assert.Equal(2, host.Log.Own.Count(entry => entry.EventName == "InboxOutageBegan"));
    }

    [Fact]
    public async Task Receive_StoreAway_Answers503AndTheRepeatIsKept()
    {
        await using var host = await StartAsync(source => source.On(OrderPaid.EventType, (_, _) => Task.CompletedTask));
        _store!.AppendFails = true;

        using var first = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        _store.AppendFails = false;
        using var second = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.NotNull(first.Headers.RetryAfter);
        host.Log.Single("InboxEventsNotKept");
    }

    [Fact]
    public async Task Receive_StoreFull_Answers503AndKeepsNone()
    {
        await using var host = await StartAsync(
            source => source.On("a", (_, _) => Task.CompletedTask), eventsPointer: "", configureStore: options => options.MaxClaims = 1);

        using var response = await host.SendAsync("""[{"id":"1","type":"a"},{"id":"2","type":"a"}]""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(60, response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Null(await StatusAsync(host, "1"));
    }

    [Fact]
    public async Task Stop_WhileAHandlerRuns_WaitsForIt()
    {
        var (started, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var host = await StartAsync(source => source.On(OrderPaid.EventType, async (_, cancellationToken) =>
        {
            started.SetResult();
            await goOn.Task;
            cancellationToken.ThrowIfCancellationRequested();
        }));
        using var response = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));

        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        goOn.SetResult();
        await stopping;

        Assert.Equal(InboxStatus.Handled, await StatusAsync(host, "msg_1"));
    }

    private async Task<ReceiverHost> StartAsync(
        Action<SourceBuilder> configure,
        Action<InboxOptions>? configureInbox = null,
        string? eventsPointer = null,
        Action<InMemoryStoreOptions>? configureStore = null)
    {
        var provider = eventsPointer is null ? WebhookProviders.StandardWebhooks : new Verification.WebhookProvider
        {
            Name = "batched",
            EventsPointer = eventsPointer,
            ClaimKey = Verification.ClaimKeyRule.Members("/id"),
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
            ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
        };
        var host = await ReceiverHost.StartAsync(
            (receiver, secret) => receiver.AddSource("partner", provider, source =>
            {
                source.AddSecret(secret.Reveal()).UseInbox(configureInbox).On("other", (_, _) => Task.CompletedTask);
                configure(source);
            }),
            setup =>
            {
                setup.HasStore = false;
                setup.ConfigureServices = services =>
                {
                    services.AddWebhooks().UseInMemoryStore(configureStore);
                    var store = services.Last(service => service.ServiceType == typeof(IInboxStore)).ImplementationFactory!;
                    services.AddSingleton<IInboxStore>(provider => _store = new FaultyInboxStore((IInboxStore)store(provider)));
                };
            });

        // The inbox asks for its store in the background, maybe only after the test goes on.
        host.Services.GetRequiredService<IInboxStore>();
        return host;
    }

    private static ValueTask<InboxStatus?> StatusAsync(ReceiverHost host, string key) =>
        host.Services.GetRequiredService<IInboxStore>().GetStatusAsync("partner", null, key, default);

    private static Task UntilStatusAsync(ReceiverHost host, string key, InboxStatus status, TimeSpan step = default) => Poll.UntilAsync(() =>
    {
        host.Clock.Advance(step);
        var current = StatusAsync(host, key);
        return current.IsCompletedSuccessfully && current.Result == status;
    });
}
