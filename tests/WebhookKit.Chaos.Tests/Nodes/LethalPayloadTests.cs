using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.Chaos.Database;
using WebhookKit.Chaos.History;
using WebhookKit.Chaos.Nodes;
using WebhookKit.Chaos.Publishing;
using WebhookKit.Deliveries;
using WebhookKit.Testing;

namespace WebhookKit.Chaos.Tests.Nodes;

/// <summary>A payload that ends every process which works on it.</summary>
public sealed class LethalPayloadTests
{
    private const int Messages = 12;
    private const int Lethal = 5;
    private const string LethalText = "lethal";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhookkit-lethal-");

    [Fact]
    public async Task PayloadThatKillsTheProcess_IsAbandonedAfterFiveKillsAndTheOthersAreDelivered()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = await ChaosDatabase.CreateAsync(server.ConnectionString);
        await using var receiver = await ScriptedReceiver.StartAsync();
        using var host = BuildPublisher(database);
        await host.StartAsync();
        var ids = await host.Services.GetRequiredService<IWebhookPublisher>().PublishManyAsync(
            Enumerable.Range(0, Messages).Select(number => new OrderPaid("test", number, number == Lethal ? LethalText : "")));

        var kills = await RunNodesAsync(database, receiver, host.Services);

        Assert.Equal(5, kills);
        for (var number = 0; number < Messages; number++)
        {
            var delivery = Assert.Single(await host.Services.GetRequiredService<IDeliveryStore>().GetByMessageAsync(ids[number], default));
            Assert.Equal(
                number == Lethal
                    ? (DeliveryStatus.DeadLettered, DeliveryStatusReason.Abandoned)
                    : (DeliveryStatus.Succeeded, DeliveryStatusReason.None),
                (delivery.Status, delivery.Reason));
        }

        Assert.DoesNotContain(receiver.Requests, request => request.Headers["webhook-id"] == ids[Lethal].ToString());
        await host.StopAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts a node again whenever one has been killed, until nothing is left to do.</summary>
    private async Task<int> RunNodesAsync(ChaosDatabase database, ScriptedReceiver receiver, IServiceProvider publisher)
    {
        var watch = Stopwatch.StartNew();
        for (var kills = 0; ; kills++)
        {
            var settings = NewSettings($"node-{kills}", database, receiver);
            await using var node = NodeProcess.Start(settings, settings.LedgerPath + ".log");
            while (!node.HasDied)
            {
                if (await database.ReadBacklogAsync() == (0, 0))
                {
                    await node.StopAsync();
                    return kills;
                }

                Assert.True(watch.Elapsed < Patience, $"Not all are done, after {kills} kills: {_folder}");
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }

            // No need to wait until its leases end.
            await using var scope = publisher.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ChaosDb>().Database.ExecuteSqlRawAsync(
                "update webhook_deliveries set due_at = now() where lease_id is not null");
        }
    }

    private NodeSettings NewSettings(string name, ChaosDatabase database, ScriptedReceiver receiver) => new()
    {
        Name = name,
        Place = name,
        ConnectionString = database.ConnectionString,
        ReceiverUrl = receiver.Url.ToString(),
        Secret = _secret,
        LedgerPath = Path.Combine(_folder.FullName, $"{name}.ledger"),
        Seed = 0,
        LeaseDuration = TimeSpan.FromMinutes(5),
        PollInterval = TimeSpan.FromSeconds(0.2),
        MaxInFlightPerEndpoint = 2 * Messages,
        RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromSeconds(0.2), 10)],
        Endpoints = [new ChaosEndpoint("plain", OrderPaid.EventType, false)],
        LethalText = LethalText,
    };

    private static IHost BuildPublisher(ChaosDatabase database)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDbContext<ChaosDb>(options => options.UseNpgsql(database.ConnectionString));
        builder.Services.AddWebhooks()
            .AddSender(sender => sender.AddEventType<OrderPaid>(OrderPaid.EventType).DisableDispatcher())
            .UseEntityFrameworkCore<ChaosDb>();
        return builder.Build();
    }
}
