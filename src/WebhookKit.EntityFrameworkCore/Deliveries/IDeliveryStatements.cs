using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>The hot statements of dispatch, written once for each dialect; see <see cref="IDeliveryStore"/> for what they promise.</summary>
internal interface IDeliveryStatements
{
    Task<IReadOnlyList<DueEndpoint>> SweepAsync(EndpointId? after, int maxEndpoints, CancellationToken cancellationToken);

    Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken);

    Task<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken);

    /// <summary>Adds what fan-out made; part of the caller's transaction.</summary>
    Task InsertAsync(DbContext context, IReadOnlyList<DeliveryEntity> rows, CancellationToken cancellationToken) =>
        context.InsertRowsAsync(rows, cancellationToken);

    /// <summary>
    /// Lets the first delivery of each line fall due if it still waits; part of the caller's transaction, after whatever
    /// it changed in the lines.
    /// </summary>
    /// <remarks>
    /// Two transactions that change one line follow each other here, and the second sees what the first did. Without
    /// that, a delivery added behind a first one that is just being completed would wait for ever.
    /// </remarks>
    Task PromoteAsync(DbContext context, IReadOnlyCollection<OrderingLine> lines, CancellationToken cancellationToken);
}
