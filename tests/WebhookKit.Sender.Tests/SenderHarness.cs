using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Publishing;
using WebhookKit.Retry;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests;

internal sealed record OrderPaid(int Order);

/// <summary>A host with the sender over an in-memory store, in real time.</summary>
internal sealed class SenderHarness : IAsyncDisposable
{
    public static readonly WebhookSecret Secret = WebhookSecret.Generate();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IHost _host;

    private SenderHarness(IHost host, StoreProbe store, RecordingLogger log)
    {
        _host = host;
        Store = store;
        Log = log;
    }

    public StoreProbe Store { get; }

    public RecordingLogger Log { get; }

    public IWebhookPublisher Publisher => _host.Services.GetRequiredService<IWebhookPublisher>();

    public DispatchSignal Signal => _host.Services.GetRequiredService<DispatchSignal>();

    public IDeliveryStore Deliveries => _host.Services.GetRequiredService<IDeliveryStore>();

    public IWebhookEndpoints Registry => _host.Services.GetRequiredService<IWebhookEndpoints>();

    public IWebhookRedelivery Redelivery => _host.Services.GetRequiredService<IWebhookRedelivery>();

    public IWebhookErasure Erasure => _host.Services.GetRequiredService<IWebhookErasure>();

    public IWebhookCancellation Cancellation => _host.Services.GetRequiredService<IWebhookCancellation>();

    public IOutboxStore Outbox => _host.Services.GetRequiredService<IOutboxStore>();

    public IEndpointStore Endpoints => _host.Services.GetRequiredService<IEndpointStore>();

    /// <param name="build">Adds endpoints and options.</param>
    /// <param name="over">Shares the store of another host, as a second node or a restarted process does.</param>
    /// <param name="store">What stands before the store.</param>
    public static async Task<SenderHarness> StartAsync(
        Action<SenderBuilder> build, SenderHarness? over = null, StoreProbe? store = null)
    {
        var log = new RecordingLogger();
        store ??= new StoreProbe();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddWebhooks().AddSender(sender =>
        {
            sender.AddEventType<OrderPaid>("order.paid");
            sender.Configure(options =>
            {
                options.AllowInsecureEndpoints = true;
                options.AllowLoopback = true;
                options.PollInterval = TimeSpan.FromMilliseconds(100);
                options.RetrySchedule = Retries(50, 50);

                // Failures in bulk are what many tests are about; the circuit has its own.
                options.EndpointHealth = new EndpointHealthPolicy { CircuitFailureRatio = 2 };
            });
            build(sender);
        }).UseInMemoryStore();
        if (over is not null)
        {
            builder.Services.AddSingleton(over._host.Services.GetRequiredService<IOutboxStore>());
            builder.Services.AddSingleton(over.Deliveries);
            builder.Services.AddSingleton(over.Endpoints);
        }

        store.Attach(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new SenderHarness(host, store, log);
    }

    public static RetrySchedule Retries(params int[] milliseconds) =>
        new(milliseconds.Select(delay => TimeSpan.FromMilliseconds(delay)), jitter: 0);

    public static Action<SenderBuilder> To(ScriptedReceiver receiver, Action<SenderOptions>? configure = null) => sender =>
    {
        sender.Configure(configure ?? (_ => { }));
        AddEndpoint(sender, "test", receiver);
    };

    public static void AddEndpoint(SenderBuilder sender, string name, ScriptedReceiver receiver, string pattern = "*") =>
        sender.AddEndpoint(name, receiver.Url.ToString(), endpoint =>
        {
            endpoint.EventTypes.Add(pattern);
            endpoint.Secrets.Add(Secret.Reveal());
        });

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"After {Patience.TotalSeconds} s still not: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>Declares the endpoints for a host whose dispatcher does not.</summary>
    public ValueTask DeclareAsync() =>
        Endpoints.DeclareAsync(_host.Services.GetRequiredService<DeclaredEndpoints>().All, deployment: 1, default);

    public async Task<MessageId> PublishAsync(int order = 1, PublishOptions? options = null) =>
        await Publisher.PublishAsync(new OrderPaid(order), options);

    public Task WaitForFirstDeclarationAsync() =>
        UntilAsync(() => Task.FromResult(Store.Calls("FanOutPendingAsync") > 0), "the endpoints are declared and dispatch goes on");

    public async Task<Delivery> WaitForAsync(MessageId message, DeliveryStatus status)
    {
        Delivery? delivery = null;
        await UntilAsync(
            async () =>
            {
                delivery = (await Deliveries.GetByMessageAsync(message, default)).SingleOrDefault();
                return delivery?.Status == status;
            },
            $"{message} {status}");
        return delivery!;
    }

    public async Task<Attempt[]> AttemptsAsync(Delivery delivery) => [.. await Deliveries.GetAttemptsAsync(delivery.Id, default)];

    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["webhooks"];

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
