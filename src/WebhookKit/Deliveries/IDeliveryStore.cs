using WebhookKit.Endpoints;

namespace WebhookKit.Deliveries;

/// <summary>Keeps deliveries and their attempts, and leases what is due.</summary>
/// <remarks>
/// Times go in and out as durations, counted by the store's own clock, so that nodes with skewed clocks agree. Every
/// method is one short transaction of its own and safe to call from any number of nodes at once. Where the database has
/// only one writer a large batch is several of them, so that others get in between.
/// </remarks>
public interface IDeliveryStore
{
    /// <summary>Finds endpoints that have pending deliveries, in the order of their ids.</summary>
    /// <remarks>
    /// One that is not there counts as deleted and so as disabled: a fan-out may have read it before, and nothing it made may
    /// wait for ever.
    /// </remarks>
    /// <param name="after">Begins behind this endpoint; <see langword="null"/> begins with the first.</param>
    /// <param name="maxEndpoints">At most so many are found; fewer means that the end was reached.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<DueEndpoint>> SweepAsync(EndpointId? after, int maxEndpoints, CancellationToken cancellationToken);

    /// <summary>Leases due deliveries, for each endpoint at most its budget, oldest due first.</summary>
    /// <remarks>
    /// An endpoint that is not enabled or is slowed down gives nothing, and one with a rate or a circuit that is not
    /// closed what <see cref="EndpointMeter"/> grants, over all nodes. What the store takes after it has asked the time for
    /// that is taken off <see cref="LeasedDelivery.StartsIn"/>. A leased delivery falls due again by itself when the lease ends.
    /// </remarks>
    ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken);

    /// <summary>Hands leased deliveries back unsent; they are due at once and the lease is not counted.</summary>
    ValueTask ReleaseAsync(IReadOnlyList<LeasedDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Writes a batch of outcomes: attempts, delivery status and endpoint health together, or nothing of it.</summary>
    /// <remarks>
    /// "Together" is at least all of an endpoint: a batch that fails may have been written for some of them.
    /// An attempt whose id is recorded already is not recorded again, so that a batch may be written twice when nobody
    /// knows whether it was committed. Health is written for the endpoints of completions that held their lease, as
    /// <see cref="EndpointHealthRules"/> says: a late owner changes no health.
    /// </remarks>
    /// <param name="completions">What leases came to.</param>
    /// <param name="health">What the batch says about each endpoint.</param>
    /// <param name="planner">
    /// Makes the messages that tell of what changed, stored in the same transaction; <see langword="null"/>: nobody is told.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The deliveries whose lease had passed to another owner; of them only the attempt was recorded, marked late, and
    /// without response and error where the message has been erased. A delivery that no longer exists is among them,
    /// without an attempt.
    /// </returns>
    ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken);

    /// <inheritdoc cref="CompleteAsync(IReadOnlyList{DeliveryCompletion}, IReadOnlyList{EndpointHealth}, OperationalPlanner?, CancellationToken)"/>
    ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions, IReadOnlyList<EndpointHealth> health, CancellationToken cancellationToken) =>
        CompleteAsync(completions, health, planner: null, cancellationToken);

    /// <summary>
    /// Marks pending deliveries of a disabled endpoint that nobody has leased as skipped, and those of a deleted one as canceled.
    /// </summary>
    /// <param name="endpointId">The endpoint; one that is not there counts as deleted. When it is neither disabled nor deleted, nothing happens.</param>
    /// <param name="maxDeliveries">At most so many in this call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were marked; fewer than <paramref name="maxDeliveries"/> means that none remain.</returns>
    ValueTask<int> SkipDisabledAsync(EndpointId endpointId, int maxDeliveries, CancellationToken cancellationToken);

    /// <summary>Reads the deliveries of a message.</summary>
    ValueTask<IReadOnlyList<Delivery>> GetByMessageAsync(MessageId messageId, CancellationToken cancellationToken);

    /// <summary>Reads the attempts of a delivery in the order they were recorded.</summary>
    ValueTask<IReadOnlyList<Attempt>> GetAttemptsAsync(DeliveryId deliveryId, CancellationToken cancellationToken);
}
