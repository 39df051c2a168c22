using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>What the rates and circuits of endpoints let a lease take, while their states are locked.</summary>
internal sealed class EndpointGrants
{
    private readonly Dictionary<EndpointId, (EndpointStateEntity State, LeaseGrant Grant)> _grants = [];
    private readonly DateTimeOffset _now;
    private readonly TimeSpan _leaseDuration;

    private EndpointGrants(DateTimeOffset now, TimeSpan leaseDuration)
    {
        _now = now;
        _leaseDuration = leaseDuration;
    }

    /// <summary>The budgets that remain; endpoints without a grant are left out.</summary>
    public List<LeaseBudget> Budgets { get; } = [];

    public static EndpointGrants Of(
        IEnumerable<EndpointStateEntity> states, IEnumerable<LeaseBudget> budgets, DateTimeOffset now, TimeSpan leaseDuration)
    {
        var rows = states.Where(state => state.Status == EndpointStatus.Enabled).ToDictionary(state => state.EndpointId);
        var grants = new EndpointGrants(now, leaseDuration);
        foreach (var budget in budgets)
        {
            if (rows.TryGetValue(budget.EndpointId, out var row)
                && EndpointMeter.Grant(row.ToState(), row.GetRate(), budget.Deliveries, now, leaseDuration) is { Deliveries: > 0 } grant)
            {
                grants._grants.Add(budget.EndpointId, (row, grant));
                grants.Budgets.Add(budget with { Deliveries = grant.Deliveries, Retries = Math.Min(budget.Retries, grant.Deliveries) });
            }
        }

        return grants;
    }

    /// <summary>Spaces what was leased, and changes the states of the endpoints that gave it.</summary>
    /// <param name="leased">In the order in which it is to be sent.</param>
    /// <param name="charged">The states to be written.</param>
    public List<LeasedDelivery> Charge(IEnumerable<LeasedDelivery> leased, out List<EndpointStateEntity> charged)
    {
        var taken = new Dictionary<EndpointId, int>();
        var spaced = new List<LeasedDelivery>();
        foreach (var delivery in leased)
        {
            var index = taken.GetValueOrDefault(delivery.EndpointId);
            taken[delivery.EndpointId] = index + 1;
            var grant = _grants[delivery.EndpointId].Grant;
            spaced.Add(delivery with { StartsIn = grant.StartsIn(index), IsProbe = grant.IsProbe });
        }

        charged = [];
        foreach (var (id, count) in taken)
        {
            var (state, grant) = _grants[id];
            state.Take(EndpointMeter.Charge(state.ToState(), grant, count, _now, _leaseDuration));
            charged.Add(state);
        }

        return spaced;
    }
}
