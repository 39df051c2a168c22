using WebhookKit.Chaos.Faults;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.Chaos.Nodes;

/// <summary>Stands still after a lease and before a completion when told to.</summary>
internal sealed class FailpointDeliveryStore(IDeliveryStore inner, Failpoint failpoint) : DelegatingDeliveryStore(inner)
{
    public override async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        var leased = await base.LeaseAsync(budgets, leaseId, leaseDuration, cancellationToken);
        if (leased.Count > 0)
        {
            await failpoint.PassAsync(FaultNames.NameOf(Fault.AfterLease));
        }

        return leased;
    }

    public override async ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken)
    {
        if (completions.Any(completion => completion.Status == DeliveryStatus.Succeeded))
        {
            await failpoint.PassAsync(FaultNames.NameOf(Fault.AfterAnswer));
        }

        return await base.CompleteAsync(completions, health, planner, cancellationToken);
    }
}
