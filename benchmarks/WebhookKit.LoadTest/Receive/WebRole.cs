using System.Net;
using System.Text.Json;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Receive;

/// <param name="Store">Where claims are kept.</param>
/// <param name="IsFloor">Whether the endpoint is written by hand.</param>
internal sealed record WebSettings(StoreSettings Store, bool IsFloor);

/// <param name="Handled">How many requests were handled.</param>
/// <param name="AllocatedBytes">Managed allocations since the preparation.</param>
/// <param name="CpuSeconds">Processor time since the preparation.</param>
/// <param name="PeakRssMiB">The greatest resident size of the process in its life.</param>
internal sealed record WebResult(int Handled, long AllocatedBytes, double CpuSeconds, double PeakRssMiB);

/// <summary>The receiver under test or its floor, in a process of its own.</summary>
internal sealed class WebRole : Role
{
    public const string Name = "web";

    private readonly WebApplication _app;
    private readonly HandledCounter _handled;
    private ProcessMeter _meter = ProcessMeter.Start();

    private WebRole(WebApplication app, HandledCounter handled)
    {
        _app = app;
        _handled = handled;
    }

    public static async Task<Role> CreateAsync(JsonElement argument)
    {
        var settings = argument.Deserialize<WebSettings>(Json.Options)!;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var handled = new HandledCounter();
        if (!settings.IsFloor)
        {
            AddReceiver(builder, settings.Store, handled);
        }

        var app = builder.Build();
        if (settings.IsFloor)
        {
            app.Run(new FloorEndpoint(handled).HandleAsync);
        }
        else
        {
            app.MapWebhookReceiver();
        }

        await app.StartAsync();
        return new WebRole(app, handled);
    }

    public override Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case "address":
                return Task.FromResult<object?>(new ReceiverAddress(_app.Urls.Single()));
            case "prepare":
                _handled.Reset();
                _meter = ProcessMeter.Start();
                return Task.FromResult<object?>(null);
            case "finish":
                return Task.FromResult<object?>(
                    new WebResult(_handled.Count, _meter.AllocatedBytes, _meter.CpuSeconds, ProcessMeter.PeakRssMiB));
            default:
                throw Unknown(question);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void AddReceiver(WebApplicationBuilder builder, StoreSettings store, HandledCounter handled)
    {
        builder.Configuration["Webhooks:Receiver:Sources:load:Secrets:0"] = SenderSettings.Secret;
        var webhooks = builder.Services.AddWebhooks().AddReceiver(receiver => receiver
            .AddSource("load", WebhookProviders.StandardWebhooks, source => source
                .On(MessageShape.EventType, (_, _) =>
                {
                    handled.Add();
                    return Task.CompletedTask;
                })));
        if (store.Kind == StoreKind.Memory)
        {
            webhooks.UseInMemoryStore(options => options.MaxClaims = 10_000_000);
        }
        else
        {
            builder.Services.AddDbContext<LoadDb>(store.Use);
            webhooks.UseEntityFrameworkCore<LoadDb>();
        }
    }
}
