using Microsoft.EntityFrameworkCore;
using WebhookKit.LoadTest.Databases;

namespace WebhookKit.LoadTest.Senders;

/// <summary>A host with the sender as an application registers it.</summary>
internal static class SenderHost
{
    public static IHost Build(SenderSettings settings, Action<SenderBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        var webhooks = builder.Services.AddWebhooks().AddSender(sender =>
        {
            sender.AddEventType<OrderPlaced>(OrderPlaced.EventType).Configure(options =>
            {
                options.MaxInFlight = settings.MaxInFlight;
                options.AllowInsecureEndpoints = true;
                options.AllowLoopback = true;
            });
            if (!settings.IsDispatching)
            {
                sender.DisableDispatcher();
            }

            foreach (var (number, url) in settings.EndpointUrls().Index())
            {
                sender.AddEndpoint(MessageShape.NameOf(number), url, endpoint =>
                {
                    endpoint.TenantId = MessageShape.TenantOf(number);
                    endpoint.EventTypes.Add("*");
                    endpoint.Secrets.Add(SenderSettings.Secret);
                });
            }

            configure?.Invoke(sender);
        });
        if (settings.Store.Kind == StoreKind.Memory)
        {
            webhooks.UseInMemoryStore(options => options.MaxMessages = 10_000_000);
        }
        else
        {
            builder.Services.AddDbContext<LoadDb>(options =>
            {
                settings.Store.Use(options);
                if (settings.IsTimingCommits)
                {
                    options.AddInterceptors(CommitClock.Instance);
                }
            });
            webhooks.UseEntityFrameworkCore<LoadDb>();
        }

        if (settings.IsNotifying)
        {
            webhooks.UsePostgreSqlWakeUp(settings.Store.ConnectionString);
        }

        return builder.Build();
    }
}
