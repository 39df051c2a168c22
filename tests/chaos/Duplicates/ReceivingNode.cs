using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using WebhookKit.Chaos.Nodes;
using WebhookKit.Idempotency;
using WebhookKit.Retry;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>What the parent tells a receiver, as the first line on its standard input.</summary>
internal sealed record ReceivingSettings(
    DuplicatesStore Store, string ConnectionString, string Secret, bool IsInbox, bool AreClaimsDisabled);

/// <summary>An ordinary receiving host that keeps one row for each event, plus a switch that ends it.</summary>
/// <remarks>Reads settings and then points from standard input, whose end stops it; says on standard output where it listens.</remarks>
internal static class ReceivingNode
{
    public const string Command = "receiving-node";
    public const string HubSource = "hub";
    public const string EventType = "thing.made";

    // A kill costs the lease of what was being handled, which this makes short.
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(5);

    // On a slow machine handlers may run out of time: then they are soon run again.
    private static readonly RetrySchedule RetrySchedule = new(Enumerable.Repeat(TimeSpan.FromSeconds(1), 50));

    public static IReadOnlyList<string> Sources { get; } = ["one", "two", HubSource];

    public static async Task<int> RunAsync()
    {
        var settings = JsonSerializer.Deserialize<ReceivingSettings>((await Console.In.ReadLineAsync())!)!;
        var killSwitch = new KillSwitch();
        await using var app = Build(settings, killSwitch);
        await app.StartAsync();
        NodeHost.Say($"{NodeWords.Ready} {app.Urls.Single()}");
        while (await Console.In.ReadLineAsync() is { } command)
        {
            var words = command.Split(' ');
            killSwitch.Arm(Enum.Parse<KillPoint>(words[0]), int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
        }

        await app.StopAsync();
        return 0;
    }

    private static WebApplication Build(ReceivingSettings settings, KillSwitch killSwitch)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.AddFilter(category: null, LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddDbContext<EffectsDb>(options =>
        {
            EffectsDb.Use(options, settings.Store, settings.ConnectionString);
            options.AddInterceptors(killSwitch);
        });
        builder.Services.AddWebhooks()
            .AddReceiver(receiver =>
            {
                foreach (var source in Sources)
                {
                    receiver.AddSource(
                        source,
                        source == HubSource ? WebhookProviders.GitHub : WebhookProviders.StandardWebhooks,
                        configured => Configure(configured, settings));
                }
            })
            .UseEntityFrameworkCore<EffectsDb>();
        if (settings.AreClaimsDisabled)
        {
            builder.Services.Decorate<IHandlerTransaction>((_, services) =>
                new UnclaimedHandlerTransaction(services.GetRequiredService<IServiceScopeFactory>()));
        }

        var app = builder.Build();
        app.Use(next => context => KillSwitch.MarkAsync(context, next));
        app.MapWebhookReceiver();
        return app;
    }

    private static void Configure(SourceBuilder source, ReceivingSettings settings)
    {
        source.AddSecret(settings.Secret);
        source.HandlerTimeout = HandlerTimeout;
        source.OnOthers<EffectsDb>((webhook, db, _) =>
        {
            using var payload = JsonDocument.Parse(webhook.Payload);
            var number = payload.RootElement.GetProperty("data").GetProperty("number").GetInt32();
            db.Effects.Add(new Effect { Source = webhook.Source, Number = number });
            return Task.CompletedTask;
        });
        if (settings.IsInbox)
        {
            source.UseInbox(inbox => inbox.RetrySchedule = RetrySchedule);
        }
    }
}
