using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Idempotency;
using WebhookKit.Testing;

namespace WebhookKit.AspNetCore.Tests.Hosting;

/// <summary>A receiver behind real Kestrel on a free loopback port, with a fake clock, store and log.</summary>
internal sealed class ReceiverHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceiverHost(WebApplication app, FakeTimeProvider clock, RecordingLog log, FakeHandlerTransaction store, WebhookSecret secret)
    {
        _app = app;
        Clock = clock;
        Log = log;
        Store = store;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Requests = new SignedRequestFactory([secret], clock);
    }

    public FakeTimeProvider Clock { get; }

    public RecordingLog Log { get; }

    public FakeHandlerTransaction Store { get; }

    public HttpClient Client { get; }

    public SignedRequestFactory Requests { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host whose source 'partner' has the secret that <see cref="Requests"/> signs with.</summary>
    public static Task<ReceiverHost> StartAsync(Action<SourceBuilder> configure, Action<ReceiverSetup>? change = null) =>
        StartAsync((receiver, secret) => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source =>
        {
            source.AddSecret(secret.Reveal());
            configure(source);
        }), change);

    public static async Task<ReceiverHost> StartAsync(
        Action<ReceiverBuilder, WebhookSecret> configure, Action<ReceiverSetup>? change = null)
    {
        var setup = new ReceiverSetup();
        change?.Invoke(setup);

        // Nobody edits settings here, and a watcher for each host is more than some machines allow.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = "Development",
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.Sources.Add(setup.Configuration);
        builder.Logging.ClearProviders().AddProvider(setup.Log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(setup.Clock);
        if (setup.HasStore)
        {
            builder.Services.AddSingleton(setup.Store);
            builder.Services.AddSingleton<IHandlerTransaction, FakeHandlerTransaction>(services => services.GetRequiredService<FakeHandlerTransaction>());
        }

        builder.Services.AddWebhooks().AddReceiver(receiver => configure(receiver, setup.Secret));
        setup.ConfigureServices(builder.Services);

        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        setup.Store.Scopes = app.Services.GetRequiredService<IServiceScopeFactory>();
        try
        {
            setup.Map(app);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new ReceiverHost(app, setup.Clock, setup.Log, setup.Store, setup.Secret);
    }

    /// <summary>Sends a well-signed event to the source 'partner'.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string payload, SignedRequestOptions? options = null, string url = "/webhooks/partner")
    {
        using var request = await Requests.CreateAsync(url, payload, options);
        return await Client.SendAsync(request);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Requests.Dispose();
        await _app.DisposeAsync();
    }
}
