using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Databases;

/// <summary>What is in WebhookKit's tables when everything should be over.</summary>
internal sealed record Contents(long Outbox, long Deliveries, long Succeeded, long Leased, long Attempts, long SucceededAttempts);

/// <summary>What a database has counted between two moments.</summary>
/// <param name="Statements">Statements it has run, transaction control included; null where it does not count.</param>
/// <param name="WalBytes">What it has written to its log without full-page images; null where it does not count.</param>
/// <param name="FullPageBytes">The full-page images in its log.</param>
/// <param name="CpuSeconds">The processor time of all its processes.</param>
internal sealed record DatabaseCost(long? Statements, long? WalBytes, long? FullPageBytes, double? CpuSeconds)
{
    public static DatabaseCost None { get; } = new(null, null, null, null);
}

/// <summary>A fresh database with WebhookKit's tables, for one measurement.</summary>
internal abstract class LoadDatabase(StoreSettings settings) : IAsyncDisposable
{
    public StoreSettings Settings => settings;

    /// <summary>Inserts messages in bulk, in the order of their ids; nothing is sent yet.</summary>
    public abstract Task AddMessagesAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken);

    /// <summary>Puts stored messages into the outbox, in one transaction.</summary>
    /// <returns>The instant just before it committed.</returns>
    public abstract Task<long> AddToOutboxAsync(IReadOnlyList<Guid> ids, MessageShape shape, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts deliveries that have succeeded within the last day, spread over the endpoints. They have neither messages nor
    /// attempts, which no foreign key asks for.
    /// </summary>
    public abstract Task AddHistoryAsync(int deliveries, MessageShape shape, CancellationToken cancellationToken);

    /// <summary>Inserts pending deliveries of one endpoint that have been due for an hour; all of one message, stored once.</summary>
    public abstract Task AddBacklogAsync(int deliveries, int endpoint, MessageShape shape, CancellationToken cancellationToken);

    /// <summary>Does now what the server would otherwise do in the middle of a measurement.</summary>
    public virtual Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins to count the log, from before a prefill.</summary>
    public virtual Task StartLogAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins to count statements and processor time, from the moment on when something is to be sent.</summary>
    public virtual Task StartCountingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task<DatabaseCost> ReadCostAsync(CancellationToken cancellationToken) => Task.FromResult(DatabaseCost.None);

    /// <summary>The statements that took most of the time, for a person who tunes.</summary>
    public virtual Task<IReadOnlyList<string>> ReadTopStatementsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public abstract Task<Contents> ReadContentsAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
