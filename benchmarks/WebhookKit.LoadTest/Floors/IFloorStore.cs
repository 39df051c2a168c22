namespace WebhookKit.LoadTest.Floors;

/// <summary>The durable work of a floor, by hand.</summary>
internal interface IFloorStore : IAsyncDisposable
{
    /// <summary>Makes ready for so many messages, before anything is measured.</summary>
    Task PrepareAsync(int messages, CancellationToken cancellationToken);

    /// <summary>Takes at most so many messages from the outbox and makes their deliveries, already leased, in one transaction.</summary>
    Task<IReadOnlyList<FloorDelivery>> TakeAsync(int maxMessages, CancellationToken cancellationToken);

    /// <summary>Writes attempts and statuses, guarded by the lease, in one statement or transaction.</summary>
    Task CompleteAsync(IReadOnlyList<FloorDelivery> deliveries, CancellationToken cancellationToken);
}
