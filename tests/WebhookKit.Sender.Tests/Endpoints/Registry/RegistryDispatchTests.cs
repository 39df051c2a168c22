using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Testing;
using WebhookKit.Verification;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

/// <summary>Endpoints of the registry in dispatch, over real HTTP.</summary>
public sealed class RegistryDispatchTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Publish_EndpointOfTheRegistry_IsDeliveredWithItsSecretAndHeaders()
    {
        await using var sender = await StartAsync(builder => builder.AddEndpointRegistry());
        var result = await sender.Registry.CreateAsync(new NewEndpoint
        {
            TenantId = "acme",
            Settings = Settings(),
            Headers = new Dictionary<string, string> { ["X-Key"] = "value" },
        });

        await sender.WaitForAsync(await sender.PublishAsync(options: new() { TenantId = "acme" }), DeliveryStatus.Succeeded);

        var request = Assert.Single(_receiver.Requests);
        Assert.Equal("value", request.Headers["X-Key"]);
        Assert.True(await VerifiesAsync(request, result.ReceiverSecret!));
        Assert.Equal(0, sender.Log.Count("EndpointLeftToOthers"));
    }

    [Fact]
    public async Task Rotate_UnderTraffic_EveryRequestVerifiesWithASecretTheReceiverHas()
    {
        await using var sender = await StartAsync(builder => builder.AddEndpointRegistry());
        var created = await sender.Registry.CreateAsync(new NewEndpoint { Settings = Settings() });
        var messages = new List<MessageId>();
        for (var i = 0; i < 60; i++)
        {
            messages.Add(await sender.PublishAsync(i));
            if (i == 30)
            {
                Assert.True((await sender.Registry.RotateSecretAsync(created.Endpoint!.Id)).IsDone);
            }
        }

        foreach (var message in messages)
        {
            await sender.WaitForAsync(message, DeliveryStatus.Succeeded);
        }

        // The receiver has not heard of the new one yet.
        Assert.Equal(messages.Count, _receiver.Requests.Count);
        foreach (var request in _receiver.Requests)
        {
            Assert.True(await VerifiesAsync(request, created.ReceiverSecret!));
        }
    }

    [Fact]
    public async Task PauseAndEnable_DeliveriesWait_AndAreThenSent()
    {
        await using var sender = await StartAsync(builder => builder.AddEndpointRegistry());
        var id = (await sender.Registry.CreateAsync(new NewEndpoint { Settings = Settings(), IsPaused = true })).Endpoint!.Id;
        var message = await sender.PublishAsync();
        await sender.WaitForAsync(message, DeliveryStatus.Pending);

        await sender.Registry.EnableAsync(id);

        await sender.WaitForAsync(message, DeliveryStatus.Succeeded);
    }

    [Fact]
    public async Task Disable_WhatIsPending_IsSkipped()
    {
        await using var sender = await StartAsync(builder => builder.AddEndpointRegistry());
        var id = (await sender.Registry.CreateAsync(new NewEndpoint { Settings = Settings(), IsPaused = true })).Endpoint!.Id;
        var message = await sender.PublishAsync();
        await sender.WaitForAsync(message, DeliveryStatus.Pending);

        await sender.Registry.DisableAsync(id);

        var delivery = await sender.WaitForAsync(message, DeliveryStatus.Skipped);
        Assert.Equal(DeliveryStatusReason.EndpointDisabled, delivery.Reason);
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Delete_WhileAnAttemptIsInFlight_CancelsItsRetry()
    {
        var opened = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(500)));
        await using var sender = await StartAsync(builder => builder.AddEndpointRegistry());
        var id = (await sender.Registry.CreateAsync(new NewEndpoint { Settings = Settings() })).Endpoint!.Id;
        var message = await sender.PublishAsync();
        await _receiver.WaitForRequestsAsync(1);

        await sender.Registry.DeleteAsync(id);
        opened.SetResult();

        var delivery = await sender.WaitForAsync(message, DeliveryStatus.Canceled);
        Assert.Equal(DeliveryStatusReason.EndpointDeleted, delivery.Reason);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Policy_OfEndpointOverTenantOverOptions_DecidesAboutRetries()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        await using var sender = await StartAsync(builder => builder
            .AddEndpointRegistry()
            .UseTenantPolicy(tenant => tenant == "acme" ? new EndpointPolicy { RetrySchedule = Retries(1, 1, 1) } : null));
        await sender.Registry.CreateAsync(new NewEndpoint { TenantId = "acme", Settings = Settings() });
        await sender.Registry.CreateAsync(new NewEndpoint
        {
            TenantId = "acme",
            Settings = Settings() with { EventTypes = ["order.none"], Policy = new EndpointPolicy { RetrySchedule = Retries() } },
        });
        var own = await sender.Registry.CreateAsync(new NewEndpoint
        {
            TenantId = "globex",
            Settings = Settings() with { Policy = new EndpointPolicy { RetrySchedule = Retries() } },
        });
        await sender.Registry.CreateAsync(new NewEndpoint { TenantId = "initech", Settings = Settings() });
        Assert.True(own.IsDone);

        Assert.Equal(4, await CountAttemptsAsync("acme"));
        Assert.Equal(1, await CountAttemptsAsync("globex"));
        Assert.Equal(3, await CountAttemptsAsync("initech"));

        async Task<int> CountAttemptsAsync(string tenant)
        {
            var message = await sender.PublishAsync(options: new() { TenantId = tenant });
            return (await sender.AttemptsAsync(await sender.WaitForAsync(message, DeliveryStatus.DeadLettered))).Length;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Policy_MaxInFlight_HoldsForFirstAttemptsAndForABacklog(bool isBacklog)
    {
        var (inFlight, most) = (0, 0);
        _receiver.DefaultAnswer = new ReceiverAnswer(async context =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref inFlight));
            await Task.Delay(20);
            Interlocked.Decrement(ref inFlight);
            context.Response.StatusCode = 200;
        });
        await using var sender = await StartAsync(builder => builder.AddEndpointRegistry());
        var id = (await sender.Registry.CreateAsync(new NewEndpoint
        {
            Settings = Settings() with { Policy = new EndpointPolicy { MaxInFlight = 1 } },
            IsPaused = isBacklog,
        })).Endpoint!.Id;

        var messages = await sender.Publisher.PublishManyAsync(Enumerable.Range(0, 30).Select(order => new OrderPaid(order)));
        if (isBacklog)
        {
            await UntilAsync(async () => (await sender.Deliveries.GetByMessageAsync(messages[^1], default)).Count == 1, "the deliveries are made");
            await sender.Registry.EnableAsync(id);
        }

        foreach (var message in messages)
        {
            await sender.WaitForAsync(message, DeliveryStatus.Succeeded);
        }

        Assert.Equal(1, most);
        Assert.Equal(30, _receiver.Requests.Count);
    }

    private static void InterlockedMax(ref int location, int value)
    {
        for (var seen = Volatile.Read(ref location); seen < value;)
        {
            seen = Interlocked.CompareExchange(ref location, value, seen) is var found && found == seen ? value : found;
        }
    }

    [Fact]
    public async Task Policy_OfADeclaredEndpoint_DecidesAboutRetries()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        await using var sender = await StartAsync(builder => builder.AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Secrets.Add(Secret.Reveal());
            endpoint.Policy = new EndpointPolicy { RetrySchedule = Retries(1, 1, 1, 1) };
        }));

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        Assert.Equal(5, (await sender.AttemptsAsync(delivery)).Length);
    }

    [Fact]
    public async Task Policy_AttemptTimeout_EndsAnAttemptSoonerThanTheOptions()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Hang();
        await using var sender = await StartAsync(builder => builder
            .AddEndpointRegistry().Configure(options => options.AttemptTimeout = TimeSpan.FromMinutes(5)));
        await sender.Registry.CreateAsync(new NewEndpoint
        {
            Settings = Settings() with
            {
                Policy = new EndpointPolicy { RetrySchedule = Retries(), AttemptTimeout = TimeSpan.FromMilliseconds(100) },
            },
        });

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        var attempt = Assert.Single(await sender.AttemptsAsync(delivery));
        Assert.Equal(AttemptOutcome.DeadlineExceeded, attempt.Outcome);
        Assert.Contains("within 0.1 s", attempt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyRingLost_AttemptFailsVisiblyAndNothingIsSent()
    {
        var ring = new FakeKeyRing();
        await using var sender = await StartAsync(builder =>
        {
            builder.AddEndpointRegistry();
            builder.Services.AddSingleton<Secrets.ISecretProtector>(ring);
        });
        await sender.Registry.CreateAsync(new NewEndpoint { Settings = Settings() with { Policy = new EndpointPolicy { RetrySchedule = Retries() } } });
        ring.AddKey("another-ring");
        ring.Lose("key-1");

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        var attempt = Assert.Single(await sender.AttemptsAsync(delivery));
        Assert.Equal(AttemptOutcome.SigningFailed, attempt.Outcome);
        Assert.Contains("The key key-1 that protects the stored secret is missing", attempt.Error, StringComparison.Ordinal);
        Assert.Empty(_receiver.Requests);
    }

    private EndpointSettings Settings() => new() { Url = _receiver.Url.ToString(), EventTypes = ["order.*"] };

    private static async Task<bool> VerifiesAsync(ReceivedRequest request, string secret)
    {
        using var verifier = new StandardWebhooksVerifier([WebhookSecret.Parse(secret)], TimeSpan.FromMinutes(5), TimeProvider.System);
        return (await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified;
    }
}
