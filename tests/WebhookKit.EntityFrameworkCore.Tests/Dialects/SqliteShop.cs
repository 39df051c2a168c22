using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>An application on a SQLite file in WAL mode, wired as hosts wire it, that counts the transactions begun.</summary>
internal sealed class SqliteShop : IAsyncDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"webhookkit-{Guid.NewGuid():N}.db");
    private readonly ServiceProvider _services;
    private readonly TransactionCounter _counter = new();

    private SqliteShop(TimeProvider timeProvider)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<ShopContext>(options => options
            .UseSqlite(ConnectionString)
            .AddInterceptors(_counter));
        services.AddSingleton(new WriterTurns(timeProvider));
        services.AddWebhooks().UseEntityFrameworkCore<ShopContext>();
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public string ConnectionString => $"Data Source={_file};Default Timeout=120";

    public IdGenerator Ids { get; } = new(TimeProvider.System);

    public IDeliveryStore Deliveries => _services.GetRequiredService<IDeliveryStore>();

    public IOutboxStore Outbox => _services.GetRequiredService<IOutboxStore>();

    /// <summary>Transactions that were begun or are waiting for the lock.</summary>
    public int TransactionsBegun => _counter.Begun;

    /// <summary>What <c>PRAGMA synchronous</c> was when the last transaction was begun.</summary>
    public long LastSynchronous => _counter.LastSynchronous;

    /// <summary>Ends when the next transaction is begun or waits for the lock.</summary>
    public Task NextTransactionAsync() => _counter.NextAsync();

    public static async Task<SqliteShop> OpenAsync(TimeProvider? timeProvider = null)
    {
        var shop = new SqliteShop(timeProvider ?? TimeProvider.System);
        await shop.UseAsync(async db =>
        {
            await db.Database.EnsureCreatedAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
        });
        return shop;
    }

    /// <summary>One request: a context of its own.</summary>
    public async Task UseAsync(Func<ShopContext, Task> request)
    {
        await using var scope = _services.CreateAsyncScope();
        await request(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }

    public async Task<EndpointId[]> DeclareAsync(int count)
    {
        var endpoints = Enumerable.Range(0, count).Select(number => new WebhookEndpoint
        {
            Id = EndpointId.Declared(null, $"endpoint-{number}"),
            Name = $"endpoint-{number}",
            Url = "https://one.example",
            EventTypes = ["*"],
        }).ToArray();
        await _services.GetRequiredService<IEndpointStore>().DeclareAsync(endpoints, deployment: 1, default);
        return Array.ConvertAll(endpoints, endpoint => endpoint.Id);
    }

    public async Task AppendAsync(int messages) => await Outbox.AppendAsync(
        [
            .. Enumerable.Range(0, messages).Select(_ => new WebhookMessage
            {
                Id = Ids.NewMessageId(),
                EventType = "order.paid",
                Payload = "{}"u8.ToArray(),
                OccurredAt = DateTimeOffset.UnixEpoch,
            }),
        ],
        default);

    /// <summary>Makes a delivery of each pending message at each endpoint.</summary>
    public async Task<FanOutResult> FanOutAsync(params EndpointId[] endpoints) => await Outbox.FanOutPendingAsync(
        1000,
        (messages, _) =>
        [
            .. from message in messages
               from endpoint in endpoints
               select new NewDelivery { Id = Ids.NewDeliveryId(), MessageId = message.Id, EndpointId = endpoint },
        ],
        default);

    public async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(int each, params EndpointId[] endpoints) => await Deliveries.LeaseAsync(
        Array.ConvertAll(endpoints, endpoint => new LeaseBudget(endpoint, each, each)), Ids.NewLeaseId(), TimeSpan.FromMinutes(10), default);

    /// <summary>Handles one event in the handler's transaction.</summary>
    public async Task HandleAsync(Func<ShopContext, Task> handler) => await _services.GetRequiredService<IHandlerTransaction>().ExecuteAsync(
        new WebhookClaim("shop", null, "evt_1", ClaimDefaults.Memory),
        (scope, _) => handler(scope.GetRequiredService<ShopContext>()),
        default);

    public DeliveryCompletion Succeed(LeasedDelivery delivery) => new()
    {
        Delivery = delivery,
        Status = DeliveryStatus.Succeeded,
        Attempt = new Attempt
        {
            Id = Ids.NewAttemptId(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(1),
            Outcome = AttemptOutcome.Succeeded,
        },
    };

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(_file + suffix);
        }
    }

    private sealed class TransactionCounter : DbTransactionInterceptor
    {
        private int _begun;

        private TaskCompletionSource _next = NewSignal();

        public int Begun => Volatile.Read(ref _begun);

        public long LastSynchronous { get; private set; }

        public Task NextAsync() => (_next = NewSignal()).Task;

        public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection,
            TransactionStartingEventData eventData,
            InterceptionResult<DbTransaction> result,
            CancellationToken cancellationToken = default)
        {
            using var pragma = connection.CreateCommand();
            pragma.CommandText = "PRAGMA synchronous";
            LastSynchronous = (long)pragma.ExecuteScalar()!;
            Interlocked.Increment(ref _begun);
            _next.TrySetResult();
            return ValueTask.FromResult(result);
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
