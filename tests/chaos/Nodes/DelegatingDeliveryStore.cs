using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.Chaos.Nodes;

/// <summary>Passes everything on; decorators change what they mean to.</summary>
internal abstract class DelegatingDeliveryStore(IDeliveryStore inner) : IDeliveryStore
{
    public virtual ValueTask<IReadOnlyList<DueEndpoint>> SweepAsync(
        EndpointId? after, int maxEndpoints, CancellationToken cancellationToken) =>
        inner.SweepAsync(after, maxEndpoints, cancellationToken);

    public virtual ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken) =>
        inner.LeaseAsync(budgets, leaseId, leaseDuration, cancellationToken);

    public virtual ValueTask ReleaseAsync(IReadOnlyList<LeasedDelivery> deliveries, CancellationToken cancellationToken) =>
        inner.ReleaseAsync(deliveries, cancellationToken);

    public virtual ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken) =>
        inner.CompleteAsync(completions, health, planner, cancellationToken);

    public virtual ValueTask<int> SkipDisabledAsync(EndpointId endpointId, int maxDeliveries, CancellationToken cancellationToken) =>
        inner.SkipDisabledAsync(endpointId, maxDeliveries, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Delivery>> GetByMessageAsync(MessageId messageId, CancellationToken cancellationToken) =>
        inner.GetByMessageAsync(messageId, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Attempt>> GetAttemptsAsync(DeliveryId deliveryId, CancellationToken cancellationToken) =>
        inner.GetAttemptsAsync(deliveryId, cancellationToken);
}
