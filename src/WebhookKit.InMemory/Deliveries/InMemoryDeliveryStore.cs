using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.InMemory.Deliveries;

/// <summary>Deliveries in memory.</summary>
internal sealed class InMemoryDeliveryStore(SenderState state, TimeProvider timeProvider) : IDeliveryStore
{
    public ValueTask<IReadOnlyList<DueEndpoint>> SweepAsync(
        EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            return ValueTask.FromResult<IReadOnlyList<DueEndpoint>>(
            [
                .. state.Deliveries.EndpointsAfter(after)
                    .Where(id => state.Endpoints.StatusOf(id) != EndpointStatus.Paused)
                    .Take(maxEndpoints)
                    .Select(id => new DueEndpoint(id, DueAt(id) - now, state.Endpoints.StatusOf(id))),
            ]);
        }
    }

    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
        IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            return ValueTask.FromResult<IReadOnlyList<LeasedDelivery>>(
            [
                .. budgets
                    .Where(budget => state.Endpoints.StatusOf(budget.EndpointId) == EndpointStatus.Enabled
                        && !(state.Endpoints.FindState(budget.EndpointId)?.SlowedDownUntil > now))
                    .SelectMany(budget => Lease(budget, leaseId, now, leaseDuration)),
            ]);
        }
    }

    private List<LeasedDelivery> Lease(LeaseBudget budget, LeaseId leaseId, DateTimeOffset now, TimeSpan leaseDuration)
    {
        var health = state.Endpoints.StateOf(budget.EndpointId);
        var rate = state.Endpoints.Find(budget.EndpointId)?.Rate;
        if (!EndpointMeter.IsMetered(health, rate))
        {
            return [.. state.Deliveries.Lease(budget, leaseId, now, leaseDuration).Select(row => ToLeased(row, leaseId))];
        }

        var grant = EndpointMeter.Grant(health, rate, budget.Deliveries, now, leaseDuration);
        LeasedDelivery[] leased =
        [
            .. state.Deliveries
                .Lease(
                    budget with { Deliveries = grant.Deliveries, Retries = Math.Min(budget.Retries, grant.Deliveries) },
                    leaseId, now, leaseDuration)
                .Select((row, index) => ToLeased(row, leaseId, grant.StartsIn(index), grant.IsProbe)),
        ];
        if (leased.Length > 0)
        {
            state.Endpoints.SetState(EndpointMeter.Charge(health, grant, leased.Length, now, leaseDuration));
        }

        return [.. leased];
    }

    private static LeasedDelivery ToLeased(DeliveryRow row, LeaseId leaseId, TimeSpan? startsIn = null, bool isProbe = false) => new(
        row.Id,
        row.MessageId,
        row.EndpointId,
        leaseId,
        row.Attempts,
        row.Leases,
        row.Place is null ? null : row.OrderingKey,
        startsIn,
        row.PayloadFormat,
        isProbe);

    public ValueTask ReleaseAsync(IReadOnlyList<LeasedDelivery> deliveries, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            foreach (var row in deliveries.Select(FindOwned).OfType<DeliveryRow>())
            {
                state.Deliveries.TakeOut(row);
                row.LeaseId = null;
                row.Leases--;
                row.DueAt = now;
                state.Deliveries.PutBack(row);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            var late = new List<DeliveryId>();
            var heard = new HashSet<EndpointId>();
            var deadLettered = new List<DeliveryCompletion>();
            foreach (var completion in completions)
            {
                if (FindOwned(completion.Delivery) is { } row)
                {
                    Complete(row, completion, now);
                    heard.Add(row.EndpointId);
                    if (completion.Status == DeliveryStatus.DeadLettered)
                    {
                        deadLettered.Add(completion);
                    }

                    continue;
                }

                late.Add(completion.Delivery.Id);
                RecordLate(completion);
            }

            EndpointTransition[] transitions = [.. health.Where(one => heard.Contains(one.EndpointId)).Select(one => state.Endpoints.Apply(one, now))];
            transitions = Array.FindAll(transitions, transition => transition.Change != EndpointHealthChange.None);
            if (planner is not null && (transitions.Length > 0 || deadLettered.Count > 0))
            {
                foreach (var message in planner(transitions, deadLettered))
                {
                    state.Messages.Add(message, now);
                }
            }

            return ValueTask.FromResult<IReadOnlyList<DeliveryId>>(late);
        }
    }

    public ValueTask<int> SkipDisabledAsync(EndpointId endpointId, int maxDeliveries, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            if (state.Endpoints.StatusOf(endpointId) != EndpointStatus.Disabled
                || state.Deliveries.FindQueue(endpointId) is not { } queue)
            {
                return ValueTask.FromResult(0);
            }

            var now = timeProvider.GetUtcNow();
            var (status, reason) = state.Endpoints.Find(endpointId) is null
                ? (DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted)
                : (DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled);
            DeliveryRow[] skipped = [.. queue.All.Where(row => row.LeaseId is null || row.DueAt <= now).Take(maxDeliveries)];
            foreach (var row in skipped)
            {
                state.End(row, status, reason, now);
            }

            return ValueTask.FromResult(skipped.Length);
        }
    }

    public ValueTask<IReadOnlyList<Delivery>> GetByMessageAsync(MessageId messageId, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<Delivery>>(
                [.. (state.Messages.Find(messageId)?.Deliveries ?? []).Select(row => row.ToDelivery())]);
        }
    }

    public ValueTask<IReadOnlyList<Attempt>> GetAttemptsAsync(DeliveryId deliveryId, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<Attempt>>([.. state.Deliveries.Find(deliveryId)?.Recorded ?? []]);
        }
    }

    private DateTimeOffset DueAt(EndpointId id)
    {
        var earliest = state.Deliveries.FindQueue(id)!.EarliestDueAt;
        return state.Endpoints.FindState(id)?.SlowedDownUntil is { } until && until > earliest ? until : earliest;
    }

    private DeliveryRow? FindOwned(LeasedDelivery leased) =>
        state.Deliveries.Find(leased.Id) is { } row && row.LeaseId == leased.LeaseId ? row : null;

    private void Complete(DeliveryRow row, DeliveryCompletion completion, DateTimeOffset now)
    {
        state.Deliveries.TakeOut(row);
        if (completion.Attempt is { } attempt)
        {
            row.Attempts++;
            row.Recorded.Add(attempt with { Number = row.Attempts, IsLate = false });
        }

        if (completion.Status != DeliveryStatus.Pending)
        {
            state.End(row, completion.Status, completion.Reason, now);
            return;
        }

        row.LeaseId = null;
        row.Leases = 0;
        row.NextAttemptAt = now + completion.NextAttemptIn;
        row.DueAt = row.NextAttemptAt.Value;
        state.Deliveries.PutBack(row, completion.LetsNextPass);
    }

    private void RecordLate(DeliveryCompletion completion)
    {
        if (completion.Attempt is { } attempt
            && state.Deliveries.Find(completion.Delivery.Id) is { } row
            && !row.Recorded.Exists(recorded => recorded.Id == attempt.Id))
        {
            row.Recorded.Add(attempt with { Number = null, IsLate = true });
            if (state.Messages.Find(row.MessageId) is { ErasedAt: not null })
            {
                row.EraseAttempts();
            }
        }
    }
}
