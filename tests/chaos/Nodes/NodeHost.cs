using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WebhookKit.Chaos.Publishing;
using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.Chaos.Nodes;

/// <summary>One node: an ordinary host that publishes and dispatches, plus failpoints around its stores.</summary>
/// <remarks>Reads settings and then commands from standard input, whose end stops it; says on standard output where it is.</remarks>
internal static class NodeHost
{
    public static async Task<int> RunAsync()
    {
        var settings = JsonSerializer.Deserialize<NodeSettings>((await Console.In.ReadLineAsync())!)!;
        using var host = Build(settings);
        await host.StartAsync();
        Say(NodeWords.Ready);
        await ObeyAsync(host.Services);
        await host.StopAsync();
        return 0;
    }

    public static void Say(string words) => Console.Out.WriteLine(words);

    private static async Task ObeyAsync(IServiceProvider services)
    {
        var gate = services.GetRequiredService<PublishGate>();
        while (await Console.In.ReadLineAsync() is { } command)
        {
            switch (command)
            {
                case NodeWords.Publish:
                    gate.Open();
                    break;
                case NodeWords.Pause:
                    gate.Close();
                    break;
                case NodeWords.GoOn:
                    services.GetRequiredService<Failpoint>().GoOn();
                    break;
                default:
                    services.GetRequiredService<Failpoint>().Arm(command);
                    break;
            }
        }
    }

    private static IHost Build(NodeSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Logging.AddFilter(category: null, LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        var connectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = settings.Name,
            MaxPoolSize = 60,
        }.ConnectionString;
        builder.Services
            .AddSingleton(settings)
            .AddSingleton<PublishGate>()
            .AddSingleton<Failpoint>()
            .AddSingleton(_ => new Ledger(settings.LedgerPath))
            .AddSingleton(_ => CommitCutter.Start(connectionString, new Random(settings.Seed)))
            .AddHostedService<PublisherService>()
            .AddDbContext<ChaosDb>(options => options.UseNpgsql(connectionString));
        builder.Services.AddWebhooks()
            .AddSender(sender => Configure(sender, settings))
            .UseEntityFrameworkCore<ChaosDb>();
        if (settings.IsFencingDisabled)
        {
            builder.Services.Decorate<IDeliveryStore>((inner, services) =>
                new UnfencedDeliveryStore(inner, services.GetRequiredService<IServiceScopeFactory>()));
        }

        builder.Services.Decorate<IDeliveryStore>((inner, services) =>
            new FailpointDeliveryStore(inner, services.GetRequiredService<Failpoint>()));
        builder.Services.Decorate<IOutboxStore>((inner, services) =>
            new FailpointOutboxStore(inner, services.GetRequiredService<Failpoint>()));
        return builder.Build();
    }

    private static void Configure(SenderBuilder sender, NodeSettings settings)
    {
        sender.AddEventType<OrderPaid>(OrderPaid.EventType)
            .AddEventType<OrderMoved>(OrderMoved.EventType)
            .AddHttpHandler<NodeHeaderHandler>()
            .Configure(options =>
            {
                options.AttemptTimeout = settings.LeaseDuration / 2;
                options.LeaseMargin = settings.LeaseDuration - options.AttemptTimeout;
                options.ConnectTimeout = options.AttemptTimeout;
                options.PollInterval = settings.PollInterval;
                options.MaxInFlightPerEndpoint = settings.MaxInFlightPerEndpoint;
                options.RetrySchedule = settings.GetRetrySchedule();

                // A machine that stalls fails ten attempts at once; what an open circuit then holds back is no slow recovery.
                options.EndpointHealth = new EndpointHealthPolicy { CircuitFailureRatio = 2 };
                options.AllowInsecureEndpoints = true;
                options.AllowLoopback = true;
            });
        if (settings.LethalText is not null)
        {
            sender.AddHttpHandler<LethalTextHandler>();
        }

        foreach (var endpoint in settings.Endpoints)
        {
            sender.AddEndpoint(endpoint.Name, $"{settings.ReceiverUrl}/{endpoint.Name}", declared =>
            {
                declared.EventTypes.Add(endpoint.EventType);
                declared.IsOrdered = endpoint.IsOrdered;
                declared.Secrets.Add(settings.Secret);
            });
        }
    }
}
