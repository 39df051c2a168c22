using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Rendering;

namespace WebhookKit.Dispatch;

/// <summary>Leases from the endpoints in the ring as much as there are free slots, and starts what it got.</summary>
internal sealed class LeaseStep(
    IOutboxStore outbox,
    IDeliveryStore deliveries,
    IEndpointStore endpoints,
    IdGenerator ids,
    DispatchSlots slots,
    DueEndpoints due,
    ForeignEndpoints foreign,
    EndpointPolicies policies,
    EndpointRates rates,
    PayloadRenderer renderer,
    DeliveryRunner runner,
    CompletionWriter writer,
    SuspectGate suspects,
    SenderOptions options,
    TimeProvider timeProvider,
    ILogger logger)
{
    private const int MaxEndpoints = 200;
    private const int MaxDeliveries = 500;

    private static readonly TimeSpan SuspectPause = TimeSpan.FromMilliseconds(200);

    private readonly RenderingReader _renderings = new(outbox, renderer);
    private bool _takesEverySlot;
    private TimeSpan? _nextDueIn;

    /// <summary>Whether the step is worth repeating at once.</summary>
    public bool HasMore { get; private set; }

    /// <summary>How long until an endpoint known to have a retry falls due.</summary>
    public TimeSpan NextIn => _nextDueIn ?? TimeSpan.MaxValue;

    /// <summary>Makes the next run use single free slots too, which are otherwise saved up for a batch.</summary>
    public void TakeEverySlot() => _takesEverySlot = true;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        HasMore = false;
        _nextDueIn = due.Promote();
        var budgets = TakeBudgets();
        if (budgets.Count == 0)
        {
            return;
        }

        var lease = new LeaseClock(ids.NewLeaseId(), options.LeaseDuration, timeProvider.GetTimestamp());
        IReadOnlyList<LeasedDelivery> leased;
        try
        {
            leased = await deliveries.LeaseAsync(budgets, lease.Id, lease.Duration, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            budgets.ForEach(budget => due.Add(budget.EndpointId, TimeSpan.Zero));
            throw;
        }

        lease = lease with { AnsweredAt = timeProvider.GetTimestamp() };
        var turnedAway = suspects.TurnAway(leased, lease);
        KeepInRing(budgets, leased, turnedAway);
        HasMore = leased.Count > 0;
        await StartAsync(leased, turnedAway, lease, cancellationToken).ConfigureAwait(false);
    }

    private List<LeaseBudget> TakeBudgets()
    {
        var budgets = new List<LeaseBudget>();
        var free = new FreeSlots(slots, MaxDeliveries);
        for (var seen = due.Count; seen > 0 && free.Any && budgets.Count < MaxEndpoints && due.TryTake(out var id); seen--)
        {
            if (foreign.Contains(id))
            {
                continue;
            }

            var budget = free.GetBudget(id);
            if (budget.Deliveries == 0 || !(_takesEverySlot || slots.IsWorthLeasing(id)))
            {
                due.Add(id, TimeSpan.Zero);
                continue;
            }

            budgets.Add(budget);
            free.Promise(id, budget.Deliveries);
        }

        _takesEverySlot = false;
        return budgets;
    }

    // An endpoint stays in the ring while it gives as much as it was asked for.
    private void KeepInRing(
        List<LeaseBudget> budgets, IReadOnlyList<LeasedDelivery> leased, IReadOnlyList<LeasedDelivery> turnedAway)
    {
        var later = turnedAway.Select(delivery => delivery.EndpointId).ToHashSet();
        var given = leased.GroupBy(delivery => delivery.EndpointId).ToDictionary(
            ofEndpoint => ofEndpoint.Key,
            ofEndpoint => (All: ofEndpoint.Count(), Retries: ofEndpoint.Count(delivery => delivery.Attempts > 0)));
        foreach (var budget in budgets)
        {
            var (all, retries) = given.GetValueOrDefault(budget.EndpointId);
            if (later.Contains(budget.EndpointId))
            {
                due.Add(budget.EndpointId, SuspectPause);
            }
            else if (all == budget.Deliveries || (retries > 0 && retries == budget.Retries))
            {
                due.Add(budget.EndpointId, TimeSpan.Zero);
            }
        }
    }

    private async ValueTask StartAsync(
        IReadOnlyList<LeasedDelivery> leased,
        IReadOnlyList<LeasedDelivery> turnedAway,
        LeaseClock lease,
        CancellationToken cancellationToken)
    {
        // One that is to be abandoned may be so because it cannot even be read.
        foreach (var abandoned in leased.Where(IsAbandoned))
        {
            runner.Start(abandoned, lease, message: null, endpoint: null);
        }

        var unread = leased.Where(delivery => !IsAbandoned(delivery)).ToHashSet();
        try
        {
            if (turnedAway.Count > 0)
            {
                // Before the one that may end the process begins: only then does its end not count for them.
                await deliveries.ReleaseAsync(turnedAway, cancellationToken).ConfigureAwait(false);
                unread.ExceptWith(turnedAway);
            }

            var bisection = new Bisection<LeasedDelivery>([.. leased.Where(unread.Contains)]);
            while (unread.Count > 0 && bisection.TryTake(out var part))
            {
                try
                {
                    await ReadAndStartAsync(part, lease, cancellationToken).ConfigureAwait(false);
                    bisection.Succeeded();
                    unread.ExceptWith(part);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    if (bisection.Failed(part, exception))
                    {
                        throw;
                    }
                }
            }

            foreach (var (delivery, exception) in bisection.Rejected)
            {
                logger.DeliveryUnreadable(exception, delivery.Id);
                suspects.Leave(delivery);
                unread.Remove(delivery);
            }
        }
        finally
        {
            foreach (var delivery in unread)
            {
                await writer.HandBackAsync(delivery, lease).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask ReadAndStartAsync(IReadOnlyList<LeasedDelivery> part, LeaseClock lease, CancellationToken cancellationToken)
    {
        var messageIds = part.Select(delivery => delivery.MessageId).ToHashSet();
        var endpointIds = part.Select(delivery => delivery.EndpointId).ToHashSet();
        var messages = (await outbox.GetMessagesAsync(messageIds, cancellationToken).ConfigureAwait(false)).ToDictionary(message => message.Id);
        var rendered = await _renderings.ReadAsync(part, messages, cancellationToken).ConfigureAwait(false);
        var targets = (await endpoints.GetAsync(endpointIds, cancellationToken).ConfigureAwait(false)).ToDictionary(endpoint => endpoint.Id);
        foreach (var endpoint in targets.Values)
        {
            slots.Limit(endpoint.Id, policies.MaxInFlightOf(endpoint));
            _ = rates.Check(endpoint);
        }

        foreach (var delivery in part)
        {
            // Of an endpoint that nothing was known of more may have been leased than its policy allows at once.
            if (slots.IsAtLimit(delivery.EndpointId))
            {
                await writer.HandBackAsync(delivery, lease).ConfigureAwait(false);
                due.Add(delivery.EndpointId, TimeSpan.Zero);
                continue;
            }

            var (message, error) = rendered.Of(delivery);
            runner.Start(delivery, lease, message, targets.GetValueOrDefault(delivery.EndpointId), error);
        }
    }

    private static bool IsAbandoned(LeasedDelivery delivery) => delivery.Leases > SenderDefaults.MaxLeases;
}
