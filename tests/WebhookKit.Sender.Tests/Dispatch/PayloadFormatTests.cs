using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using WebhookKit.Deliveries;
using WebhookKit.Outbox;
using WebhookKit.Rendering;
using WebhookKit.Testing;
using WebhookKit.Verification;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>Endpoints that are sent another rendering than what was published.</summary>
public sealed class PayloadFormatTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;
    private int _renderings;
    private Func<WebhookMessage, RenderedPayload> _render;

    public PayloadFormatTests() => _render = RenderThin;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Publish_EndpointsWithAndWithoutAFormat_EachGetsItsOwnSignedBytes()
    {
        await using var sender = await StartAsync(builder =>
        {
            Add(builder, "plain", null);
            Add(builder, "thin", "THIN");
            Add(builder, "also-thin", "thin");
        });

        var id = await sender.PublishAsync(7);
        await WaitForAllAsync(sender, id, 3);

        Assert.Equal(1, _renderings);
        var rendered = $"order.paid {id}";
        Assert.Equal(
            [("/also-thin", "text/plain", rendered), ("/thin", "text/plain", rendered)],
            Received().Where(request => request.ContentType != "application/json"));
        Assert.StartsWith("{\"type\":\"order.paid\"", Assert.Single(Received(), request => request.Path == "/plain").Body, StringComparison.Ordinal);
        await Task.WhenAll(_receiver.Requests.Select(AssertSignedAsync));
        Assert.Equal(
            new string?[] { null, "thin", "thin" }.Order(),
            (await sender.Deliveries.GetByMessageAsync(id, default)).Select(delivery => delivery.PayloadFormat).Order());
    }

    [Fact]
    public async Task Retry_FormatWouldNowMakeSomethingElse_SendsTheStoredBytes()
    {
        _receiver.Answer(ReceiverAnswer.Status(500));
        await using var sender = await StartAsync(builder => Add(builder, "thin", "thin"));

        var id = await sender.PublishAsync();
        await UntilAsync(() => Task.FromResult(_receiver.Requests.Count > 0), "the first attempt");
        _render = _ => new RenderedPayload("changed"u8.ToArray());
        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        Assert.Equal([$"order.paid {id}", $"order.paid {id}"], Received().Select(request => request.Body));
        Assert.Equal(1, _renderings);
    }

    [Fact]
    public async Task Publish_FormatFails_IsTriedAgainByTheScheduleAndSaysWhy()
    {
        _render = _ => throw new InvalidTimeZoneException("secret detail");
        await using var sender = await StartAsync(builder =>
        {
            Add(builder, "thin", "thin");
            builder.Configure(options => options.RetrySchedule = Retries([.. Enumerable.Repeat(100, 90)]));
        });

        var id = await sender.PublishAsync();
        var delivery = await sender.WaitForAsync(id, DeliveryStatus.Pending);
        await UntilAsync(async () => (await sender.AttemptsAsync(delivery)).Length > 1, "failed attempts");
        _render = RenderThin;
        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        var attempts = await sender.AttemptsAsync(delivery);
        Assert.All(attempts[..^1], attempt => Assert.Equal(
            (AttemptOutcome.RenderingFailed, "The message could not be rendered in the payload format 'thin'."), (attempt.Outcome, attempt.Error)));
        Assert.Equal(AttemptOutcome.Succeeded, attempts[^1].Outcome);
        Assert.Equal($"order.paid {id}", Assert.Single(Received()).Body);
        Assert.True(sender.Log.Count("RenderingFailed") > 1);
        Assert.Equal(0, Assert.Single(await sender.Endpoints.GetStatesAsync([EndpointId.Declared(null, "thin")], default)).WindowFailures);
    }

    [Fact]
    public async Task Publish_FormatNeverWorks_IsDeadLetteredAndCanBeSentAgainOnceItDoes()
    {
        _render = _ => null!;
        await using var sender = await StartAsync(builder => Add(builder, "thin", "thin"));

        var id = await sender.PublishAsync();
        var delivery = await sender.WaitForAsync(id, DeliveryStatus.DeadLettered);
        Assert.Equal((DeliveryStatusReason.Exhausted, 3), (delivery.Reason, delivery.Attempts));
        Assert.Empty(_receiver.Requests);

        _render = RenderThin;
        await sender.Redelivery.RedeliverAsync(RedeliverySelection.OfMessage(id));
        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        Assert.Equal($"order.paid {id}", Assert.Single(Received()).Body);
    }

    [Theory]
    [InlineData("Unheard-Of", "unheard-of", "This sender does not know the payload format 'unheard-of': add it by AddPayloadFormat.")]
    [InlineData("no name", "?", "The policy named a payload format that cannot be one, or could not be asked at fan-out: use the name of one that AddPayloadFormat has added.")]
    public async Task Publish_TenantsFormatIsUnknown_FailsVisibly(string format, string stored, string error)
    {
        await using var sender = await StartAsync(builder =>
        {
            Add(builder, "test", null);
            builder.UseTenantPolicy(_ => new EndpointPolicy { PayloadFormat = format });
        });

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        Assert.Equal(stored, delivery.PayloadFormat);
        Assert.All(await sender.AttemptsAsync(delivery), attempt => Assert.Equal(
            (AttemptOutcome.RenderingFailed, error), (attempt.Outcome, attempt.Error)));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Publish_FormatOfTheTenant_HoldsWhereTheEndpointNamesNone()
    {
        await using var sender = await StartAsync(builder =>
        {
            Add(builder, "test", null);
            Add(builder, "own", "other");
            builder.AddPayloadFormat(new PayloadFormat("other", _ => new RenderedPayload("other"u8.ToArray())));
            builder.UseTenantPolicy(_ => new EndpointPolicy { PayloadFormat = "thin" });
        });

        var id = await sender.PublishAsync();
        await WaitForAllAsync(sender, id, 2);

        Assert.Equal([("/own", "other"), ("/test", $"order.paid {id}")], Received().Select(request => (request.Path, request.Body)));
    }

    [Fact]
    public async Task FanOut_FormatIsSlow_LeavesTheRestToTheirAttempts()
    {
        _render = message =>
        {
            Thread.Sleep(300);
            return RenderThin(message);
        };
        await using var publisher = await StartAsync(builder => builder.DisableDispatcher());
        var ids = new List<MessageId>();
        for (var order = 0; order < 5; order++)
        {
            ids.Add(await publisher.PublishAsync(order));
        }

        var planned = new ConcurrentQueue<NewDelivery>();
        var store = new StoreProbe
        {
            OnPlanned = deliveries =>
            {
                foreach (var delivery in deliveries)
                {
                    planned.Enqueue(delivery);
                }

                return deliveries;
            },
        };
        await using var sender = await StartAsync(builder => Add(builder, "thin", "thin"), over: publisher, store: store);
        foreach (var id in ids)
        {
            await sender.WaitForAsync(id, DeliveryStatus.Succeeded);
        }

        Assert.Equal(5, planned.Count);
        Assert.All(planned, delivery => Assert.Equal("thin", delivery.PayloadFormat));
        Assert.InRange(planned.Count(delivery => delivery.Rendering is not null), 1, 2);
        Assert.All(planned, delivery => Assert.Equal(delivery.Rendering is not null, delivery.LeaseId is not null));
        Assert.Equal(ids.Select(id => $"order.paid {id}").Order(), Received().Select(request => request.Body).Order());
        Assert.Equal(5, _renderings);
    }

    [Fact]
    public async Task Skip_TenantsPolicyCannotBeSaid_IsSkippedAllTheSame()
    {
        await using var publisher = await StartAsync(builder => builder.DisableDispatcher());
        var bad = await publisher.PublishAsync(options: new PublishOptions { TenantId = "deleted" });
        var store = new StoreProbe
        {
            OnPlanned = deliveries => deliveries.Any(made => made.MessageId == bad && made.Status != DeliveryStatus.Skipped)
                ? throw new InvalidOperationException("the row violates a constraint")
                : deliveries,
        };
        await using var sender = await StartAsync(
            builder =>
            {
                builder.AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
                {
                    endpoint.TenantId = "deleted";
                    endpoint.EventTypes.Add("*");
                    endpoint.Secrets.Add(Secret.Reveal());

                    // Its tenant's need not be asked for before anything is fanned out.
                    endpoint.Rate = EndpointRate.PerSecond(1000);
                });
                Add(builder, "thin", "thin");
                builder.UseTenantPolicy(tenant => tenant == "deleted" ? throw new InvalidTimeZoneException("who?") : null);
            },
            over: publisher,
            store: store);

        Delivery[] skipped = [];
        await UntilAsync(
            async () =>
            {
                await publisher.PublishAsync();
                await publisher.PublishAsync();
                await Task.Delay(50);
                return (skipped = [.. await sender.Deliveries.GetByMessageAsync(bad, default)]).Length > 0;
            },
            "it is skipped");

        Assert.Equal((DeliveryStatus.Skipped, "?"), (skipped[0].Status, skipped[0].PayloadFormat));
        Assert.Equal(1, sender.Log.Count("PolicyFailed"));
    }

    [Fact]
    public async Task Redeliver_WhatWasSkippedWhileDisabled_IsSentInTheFormat()
    {
        await using var sender = await StartAsync(builder => Add(builder, "thin", "thin"));
        var endpoint = EndpointId.Declared(null, "thin");
        await sender.WaitForFirstDeclarationAsync();
        await sender.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Disabled, EndpointStatusReason.ByUser, default);
        var id = await sender.PublishAsync();
        await sender.WaitForAsync(id, DeliveryStatus.Skipped);
        Assert.Equal(0, _renderings);

        await sender.Endpoints.SetStatusAsync(endpoint, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        await sender.Redelivery.RedeliverAsync(RedeliverySelection.Skipped(endpoint));
        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        Assert.Equal($"order.paid {id}", Assert.Single(Received()).Body);
    }

    [Fact]
    public async Task Page_WhatItShows_Works()
    {
        await using var sender = await StartAsync(builder =>
        {
            AddFormats(builder);
            foreach (var format in new[] { "cloudevents", "thin" })
            {
                AddEndpoint(builder, format, format);
            }
        });

        var id = await sender.PublishAsync(7);
        await WaitForAllAsync(sender, id, 2);

        Assert.Equal(["application/cloudevents+json; charset=utf-8", "application/json"], Received().Select(request => request.ContentType));
        Assert.Equal($"{{\"id\":\"{id}\",\"type\":\"order.paid\"}}", Received().Last().Body);
        Assert.Contains("\"data\":{\"order\":7}", Received().First().Body, StringComparison.Ordinal);
    }

    private static void AddFormats(SenderBuilder sender)
    {
        #region formats
        sender
            .AddPayloadFormat(PayloadFormats.CloudEvents("https://shop.example"))
            .AddPayloadFormat(new PayloadFormat("thin", message => new RenderedPayload(JsonSerializer.SerializeToUtf8Bytes(
                new { id = message.Id.ToString(), type = message.EventType }))))
            .UseTenantPolicy(tenant => tenant == "acme" ? new EndpointPolicy { PayloadFormat = "cloudevents" } : null);
        #endregion
    }

    [Fact]
    public async Task Erase_BeforeAnAttempt_SendsNothing()
    {
        _render = _ => throw new InvalidTimeZoneException("not yet");
        var store = new StoreProbe();
        await using var sender = await StartAsync(
            builder =>
            {
                Add(builder, "thin", "thin");
                builder.Configure(options => options.RetrySchedule = Retries([.. Enumerable.Repeat(50, 90)]));
            },
            store: store);
        var id = await sender.PublishAsync();
        var pending = await sender.WaitForAsync(id, DeliveryStatus.Pending);
        await UntilAsync(async () => (await sender.AttemptsAsync(pending)).Length > 0, "a failed attempt");
        var erased = 0;
        store.Before = async (method, _) =>
        {
            // Between the reading of the message and that of what was stored of it.
            if (method == "AddRenderingsAsync" && Interlocked.Exchange(ref erased, 1) == 0)
            {
                await sender.Erasure.EraseMessageAsync(id);
            }
        };

        _render = RenderThin;
        var delivery = await sender.WaitForAsync(id, DeliveryStatus.Canceled);

        Assert.Equal(DeliveryStatusReason.Erased, delivery.Reason);
        Assert.Empty(await sender.Outbox.GetRenderingsAsync([id], default));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Start_DeclaredFormatIsUnknown_SaysWhichThereAre()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(builder => Add(builder, "test", "unheard-of")));

        Assert.Contains("The payload format 'unheard-of' is unknown: use one of 'thin', or add your own by AddPayloadFormat.", error.ToString(), StringComparison.Ordinal);
    }

    private RenderedPayload RenderThin(WebhookMessage message)
    {
        Interlocked.Increment(ref _renderings);
        return new RenderedPayload(Encoding.UTF8.GetBytes($"{message.EventType} {message.Id}"), "text/plain");
    }

    private void Add(SenderBuilder builder, string name, string? format)
    {
        builder.AddPayloadFormat(new PayloadFormat("thin", message => _render(message)));
        AddEndpoint(builder, name, format);
    }

    private void AddEndpoint(SenderBuilder builder, string name, string? format) =>
        builder.AddEndpoint(name, new Uri(_receiver.Url, name).ToString(), endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Secrets.Add(Secret.Reveal());
            endpoint.Policy = new EndpointPolicy { PayloadFormat = format };
        });

    private IEnumerable<(string Path, string ContentType, string Body)> Received() => _receiver.Requests
        .Select(request => (request.Path, request.Headers["Content-Type"].ToString(), Encoding.UTF8.GetString(request.Body.Span)))
        .OrderBy(request => request.Path, StringComparer.Ordinal);

    private static async Task AssertSignedAsync(ReceivedRequest request)
    {
        using var verifier = new StandardWebhooksVerifier([Secret], TimeSpan.FromMinutes(5), TimeProvider.System);
        Assert.True((await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified);
    }

    private static Task WaitForAllAsync(SenderHarness sender, MessageId id, int count) => UntilAsync(
        async () => (await sender.Deliveries.GetByMessageAsync(id, default)).Count(one => one.Status == DeliveryStatus.Succeeded) == count,
        $"{count} deliveries");
}
