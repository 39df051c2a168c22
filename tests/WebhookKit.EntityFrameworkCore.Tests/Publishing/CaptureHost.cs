using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Tests.Publishing;

public enum ContextKind
{
    Scoped,
    Pooled,
    Factory,
    PooledFactory,
}

/// <summary>An application with a <see cref="ShopContext"/>, and what a test reads back from its database.</summary>
public sealed class CaptureHost : IAsyncDisposable
{
    private readonly CaptureDatabase _database;
    private readonly ServiceProvider _services;
    private readonly ContextKind _kind;

    private CaptureHost(CaptureDatabase database, ContextKind kind, Action<DbContextOptionsBuilder>? configure)
    {
        _database = database;
        _kind = kind;
        var services = new ServiceCollection();
        services.AddWebhooks().AddEventType<OrderPaid>("order.paid")
            .UseEntityFrameworkCore<ShopContext>()
            .UseEntityFrameworkCore<ShopContext>()
            .UseEntityFrameworkCore<BillingContext>();
        services.AddDbContext<BillingContext>(database.Configure);
        _ = kind switch
        {
            ContextKind.Pooled => services.AddDbContextPool<ShopContext>(options, poolSize: 1),
            ContextKind.Factory => services.AddDbContextFactory<ShopContext>(options),
            ContextKind.PooledFactory => services.AddPooledDbContextFactory<ShopContext>(options, poolSize: 1),
            _ => services.AddDbContext<ShopContext>(options),
        };
        _services = services.BuildServiceProvider(validateScopes: true);
        Signal.IsListening = true;

        void options(DbContextOptionsBuilder builder)
        {
            database.Configure(builder);
            configure?.Invoke(builder);
        }
    }

    public DispatchSignal Signal => _services.GetRequiredService<DispatchSignal>();

    public static async Task<CaptureHost> StartAsync(
        CaptureDatabase database, ContextKind kind = ContextKind.Scoped, Action<DbContextOptionsBuilder>? configure = null)
    {
        var host = new CaptureHost(database, kind, configure);
        await host.UseAsync(database.CreateTablesAsync);
        return host;
    }

    public AsyncServiceScope CreateScope() => _services.CreateAsyncScope();

    /// <summary>One request: a context of its own, given back at the end.</summary>
    public async Task UseAsync(Func<ShopContext, Task> request)
    {
        await using var scope = CreateScope();
        if (_kind is ContextKind.Factory or ContextKind.PooledFactory)
        {
            await using var db = await scope.ServiceProvider.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContextAsync();
            await request(db);
        }
        else
        {
            await request(scope.ServiceProvider.GetRequiredService<ShopContext>());
        }
    }

    /// <summary>The order numbers in the database, in order.</summary>
    public async Task<string[]> ReadOrdersAsync()
    {
        string[] numbers = [];
        await UseAsync(async db => numbers = await db.Orders.OrderBy(order => order.Number).Select(order => order.Number).ToArrayAsync());
        return numbers;
    }

    /// <summary>The id that the database gave the order: a rollback may leave gaps before it.</summary>
    public async Task<int> ReadOrderIdAsync(string number)
    {
        var id = 0;
        await UseAsync(async db => id = await db.Orders.Where(order => order.Number == number).Select(order => order.Id).SingleAsync());
        return id;
    }

    /// <summary>The data of the committed messages, in order; each must be in the outbox, and no outbox row without one.</summary>
    public async Task<OrderPaid[]> ReadMessagesAsync()
    {
        List<MessageEntity> messages = [];
        List<OutboxEntity> outbox = [];
        await UseAsync(async db =>
        {
            messages = await db.Set<MessageEntity>().AsNoTracking().OrderBy(message => message.Id).ToListAsync();
            outbox = await db.Set<OutboxEntity>().AsNoTracking().OrderBy(row => row.MessageId).ToListAsync();
        });
        Assert.Equal(messages.Select(message => (message.Id, message.TenantId)), outbox.Select(row => (row.MessageId, row.TenantId)));
        return [.. messages.Select(message => ReadData(message.Payload))];
    }

    /// <summary>The data of the messages that the dispatcher was told of.</summary>
    public OrderPaid[] TakeHints() => [.. Signal.TakeCommitted(100).Select(message => ReadData(message.Payload))];

    /// <summary>The data of the messages that the dispatcher, told of them, would find to fan out.</summary>
    public async Task<OrderPaid[]> FanOutHintsAsync()
    {
        var result = await _services.GetRequiredService<IOutboxStore>().FanOutCommittedAsync(
            Signal.TakeCommitted(100), (_, _) => [], default);
        return [.. result.Messages.OrderBy(message => message.Id).Select(message => ReadData(message.Payload))];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static OrderPaid ReadData(ReadOnlyMemory<byte> payload)
    {
        using var body = JsonDocument.Parse(payload);
        return body.RootElement.GetProperty("data").Deserialize<OrderPaid>(JsonSerializerOptions.Web)!;
    }
}
