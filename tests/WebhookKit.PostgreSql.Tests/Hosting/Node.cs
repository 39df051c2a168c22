using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.Sender.Tests;
using WebhookKit.Testing;

namespace WebhookKit.PostgreSql.Tests.Hosting;

/// <summary>A process of an application that publishes and sends, beside others on one schema.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly string Secret = WebhookSecret.Generate().Reveal();

    private readonly IHost _host;

    private Node(IHost host, RecordingLogger log)
    {
        _host = host;
        Log = log;
    }

    public RecordingLogger Log { get; }

    public IWebhookPublisher Publisher => _host.Services.GetRequiredService<IWebhookPublisher>();

    /// <param name="connectionString">The schema that the nodes share; the first one makes its tables.</param>
    /// <param name="receivers">Where messages go to, named by the event type.</param>
    /// <param name="configureSender">Changes the sender.</param>
    /// <param name="configure">Adds the wake-up.</param>
    public static async Task<Node> StartAsync(
        string connectionString,
        IReadOnlyDictionary<string, ScriptedReceiver> receivers,
        Action<SenderBuilder>? configureSender = null,
        Action<WebhooksBuilder>? configure = null)
    {
        var log = new RecordingLogger();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddDbContext<NodeDb>(options => options.UseNpgsql(connectionString));
        var webhooks = builder.Services.AddWebhooks().AddSender(sender =>
        {
            sender.Configure(options =>
            {
                options.AllowInsecureEndpoints = true;
                options.AllowLoopback = true;
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
            sender.AddEventType<OrderPaid>("order.paid");
            foreach (var (eventType, receiver) in receivers)
            {
                sender.AddEndpoint(eventType, receiver.Url.ToString(), endpoint =>
                {
                    endpoint.EventTypes.Add(eventType);
                    endpoint.Secrets.Add(Secret);
                });
            }

            configureSender?.Invoke(sender);
        }).UseEntityFrameworkCore<NodeDb>();
        configure?.Invoke(webhooks);

        var node = new Node(builder.Build(), log);
        await node.InDbAsync(async db =>
        {
            if (!(await db.Database.SqlQuery<bool>($"SELECT to_regclass('webhook_messages') IS NOT NULL AS \"Value\"").SingleAsync()))
            {
                await PostgresSchema.CreateTablesAsync(db);
            }
        });
        await node._host.StartAsync();
        return node;
    }

    /// <summary>Runs one unit of work, which saves on its own.</summary>
    public async Task InDbAsync(Func<NodeDb, Task> work)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<NodeDb>());
    }

    public async Task<Delivery?> FindDeliveryAsync(MessageId message) =>
        (await _host.Services.GetRequiredService<IDeliveryStore>().GetByMessageAsync(message, default)).SingleOrDefault();

    /// <summary>Waits until the message has been delivered, by whichever node.</summary>
    public Task WaitUntilDeliveredAsync(MessageId message) => Eventually.ReadAsync(
        () => FindDeliveryAsync(message), delivery => delivery?.Status == DeliveryStatus.Succeeded, $"{message}");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

internal sealed record OrderPaid(string Order);

internal sealed class NodeDb(DbContextOptions<NodeDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
}
