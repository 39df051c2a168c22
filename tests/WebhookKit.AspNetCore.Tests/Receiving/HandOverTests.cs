using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Testing;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>Handlers that fail, hang, collide or outlive their sender.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task Receive_SecondCopy_Answers200AndTheHandlerRanOnce()
    {
        var runs = 0;
        await using var host = await StartAsync((_, _) => Task.FromResult(++runs));

        using var first = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        using var second = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Receive_ConcurrentCopies_HaveOneEffect()
    {
        var runs = 0;
        await using var host = await StartAsync((_, _) => Task.FromResult(Interlocked.Increment(ref runs)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Receive_HandlerFails_Answers500AndTheNextDeliveryIsHandled()
    {
        var runs = 0;
        await using var host = await StartAsync((_, _) => ++runs == 1 ? throw new InvalidOperationException("no stock") : Task.CompletedTask);

        using var first = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });
        using var second = await host.SendAsync(OrderPaid.Payload, new() { Id = "msg_1" });

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Empty(await first.Content.ReadAsByteArrayAsync());
        Assert.Contains("no stock", host.Log.Single("HandlerFailed").Text, StringComparison.Ordinal);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Receive_HandlerOutlivesItsTimeout_IsToldAndAnswers503()
    {
        var started = new TaskCompletionSource();
        await using var host = await StartAsync(
            async (_, cancellationToken) =>
            {
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            },
            source => source.HandlerTimeout = TimeSpan.FromSeconds(7));

        var sending = host.SendAsync(OrderPaid.Payload);
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));
        host.Clock.Advance(TimeSpan.FromSeconds(7));
        using var response = await sending;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("00:00:07", host.Log.Single("HandlerTimedOut").Text, StringComparison.Ordinal);
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task Receive_HostStopsWhileHandling_Answers503()
    {
        var started = new TaskCompletionSource();
        await using var host = await StartAsync(async (_, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        });

        var sending = host.SendAsync(OrderPaid.Payload);
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));
        await host.StopAsync();
        using var response = await sending;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        host.Log.Single("StoppedWhileHandling");
    }

    [Fact]
    public async Task Receive_SenderHangsUpWhileHandling_TheHandlerFinishes()
    {
        var started = new TaskCompletionSource();
        var noticed = new TaskCompletionSource();
        await using var host = await ReceiverHost.StartAsync(
            source => source.On(OrderPaid.EventType, async (webhook, cancellationToken) =>
            {
                started.SetResult();
                await noticed.Task;
                cancellationToken.ThrowIfCancellationRequested();
                Assert.Equal(OrderPaid.Payload, Encoding.UTF8.GetString(webhook.Payload.Span));
            }),
            setup => setup.Map = app =>
            {
                app.Use((http, next) =>
                {
                    http.RequestAborted.Register(noticed.SetResult);
                    return next(http);
                });
                app.MapWebhookReceiver();
            });
        using var hangUp = new CancellationTokenSource();
        using var request = await host.Requests.CreateAsync("/webhooks/partner", OrderPaid.Payload);

        var sending = host.Client.SendAsync(request, hangUp.Token);
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));
        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await Poll.UntilAsync(() => host.Store.Claims.Count == 1);
    }

    [Fact]
    public async Task Receive_SenderHangsUpWhileSending_IsNoError()
    {
        await using var host = await StartAsync((_, _) => Task.CompletedTask);

        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port);
            await socket.SendAsync(
                "POST /webhooks/partner HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
            await Poll.UntilAsync(() => host.Log.Entries.Any(entry => entry.Text.Contains("Executing endpoint", StringComparison.Ordinal)));
        }

        await Poll.UntilAsync(() => host.Log.Own.Any(entry => entry.EventName == "BodyIncomplete"));

        // That the machine is busy is said by the server, not about the request.
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Level >= LogLevel.Warning && entry.EventName != "HeartbeatSlow");
    }

    [Fact]
    public async Task Receive_WhileAHandlerRuns_ItsPooledPayloadIsNotReused()
    {
        var started = new TaskCompletionSource();
        var mayFinish = new TaskCompletionSource();
        byte[] atTheEnd = [];
        await using var host = await ReceiverHost.StartAsync(source => source
            .On("slow", async (webhook, _) =>
            {
                started.SetResult();
                await mayFinish.Task;
                atTheEnd = webhook.Payload.ToArray();
            })
            .On("fast", (_, _) => Task.CompletedTask));
        var payload = $$"""{"type":"slow","data":"{{new string('s', 3000)}}"}""";

        var sending = host.SendAsync(payload);
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 50; i++)
        {
            using var other = await host.SendAsync($$"""{"type":"fast","data":"{{new string('f', 3000)}}"}""");
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        mayFinish.SetResult();
        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(payload, Encoding.UTF8.GetString(atTheEnd));
    }

    [Fact]
    public async Task Receive_WhateverHappens_LogsNoSecretSignatureOrPayload()
    {
        const string payload = """{"type":"order.paid","data":{"id":"zanzibar","total":1}}""";
        var secret = WebhookSecret.Generate();
        await using var host = await ReceiverHost.StartAsync(
            source => source.On<OrderPaid>(OrderPaid.EventType, (_, _) => throw new InvalidOperationException("broken")),
            setup => setup.Secret = secret);

        var signatures = new List<string>();
        foreach (var tampering in Enum.GetValues<Tampering>())
        {
            using var request = await host.Requests.CreateAsync("/webhooks/partner?token=zanzibar", payload, new() { Tampering = tampering });
            signatures.AddRange(request.Headers.TryGetValues("webhook-signature", out var values) ? values : []);
            using var response = await host.Client.SendAsync(request);
        }

        Assert.NotEmpty(signatures);
        Assert.NotEmpty(host.Log.Own);
        Assert.All(host.Log.Own, entry => Assert.All(
            [secret.Reveal(), secret.Reveal()["whsec_".Length..], "zanzibar", .. signatures.Select(text => text["v1,".Length..])],
            forbidden => Assert.DoesNotContain(forbidden, entry.Text, StringComparison.Ordinal)));
    }

    private static Task<ReceiverHost> StartAsync(
        Func<ReceivedWebhook<OrderPaid>, CancellationToken, Task> handler, Action<SourceBuilder>? configure = null) =>
        ReceiverHost.StartAsync(source =>
        {
            configure?.Invoke(source);
            source.On(OrderPaid.EventType, handler);
        });
}
