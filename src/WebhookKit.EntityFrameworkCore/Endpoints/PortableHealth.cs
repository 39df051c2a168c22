using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Reads what all nodes know about endpoints and writes it back, locked in between, in LINQ that every provider translates.</summary>
internal static class PortableHealth
{
    /// <summary>Adds what a batch of outcomes says; part of the caller's transaction.</summary>
    public static async Task<IReadOnlyList<EndpointTransition>> WriteAsync(
        DbContext context, IReadOnlyList<EndpointHealth> health, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = health.Select(change => change.EndpointId).ToArray();
        var apart = health
            .Where(change => change.Failures > 0 || change.SlowDownFor is not null || change.DisableBecause is not null)
            .Select(change => change.EndpointId).ToArray();
        var stale = now - EndpointHealthDefaults.SuccessGrain;
        var restless = context.Set<EndpointStateEntity>().Where(state => ids.Contains(state.EndpointId)
            && (apart.Contains(state.EndpointId) || state.ConsecutiveFailures > 0 || state.Circuit != EndpointCircuit.Closed
                || state.WindowStartedAt != null || state.IsFailing || state.LastSuccessAt == null || state.LastSuccessAt < stale));
        var states = await LockAsync(context, restless, cancellationToken).ConfigureAwait(false);
        var changed = new List<EndpointStateEntity>();
        var transitions = CompletionNews.Apply(states, health, now, changed);
        await SaveAsync(context, changed, cancellationToken).ConfigureAwait(false);
        return transitions;
    }

    /// <summary>Reads those of the endpoints whose rate or circuit bounds what may be leased, and locks them.</summary>
    public static Task<List<EndpointStateEntity>> LockMeteredAsync(
        DbContext context, IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken) =>
        LockAsync(
            context,
            context.Set<EndpointStateEntity>().Where(state => ids.Contains(state.EndpointId)
                && (state.Circuit != EndpointCircuit.Closed || state.RateRequests != null)),
            cancellationToken);

    /// <summary>Writes rows that are locked.</summary>
    public static async Task SaveAsync(DbContext context, IEnumerable<EndpointStateEntity> states, CancellationToken cancellationToken)
    {
        foreach (var state in states)
        {
            await context.Set<EndpointStateEntity>()
                .Where(known => known.EndpointId == state.EndpointId)
                .ExecuteUpdateAsync(
                    known => known
                        .SetProperty(s => s.Status, state.Status)
                        .SetProperty(s => s.StatusReason, state.StatusReason)
                        .SetProperty(s => s.ConsecutiveFailures, state.ConsecutiveFailures)
                        .SetProperty(s => s.FailingSince, state.FailingSince)
                        .SetProperty(s => s.LastSuccessAt, state.LastSuccessAt)
                        .SetProperty(s => s.SlowedDownUntil, state.SlowedDownUntil)
                        .SetProperty(s => s.Circuit, state.Circuit)
                        .SetProperty(s => s.CircuitChangedAt, state.CircuitChangedAt)
                        .SetProperty(s => s.WindowStartedAt, state.WindowStartedAt)
                        .SetProperty(s => s.WindowAttempts, state.WindowAttempts)
                        .SetProperty(s => s.WindowFailures, state.WindowFailures)
                        .SetProperty(s => s.IsFailing, state.IsFailing)
                        .SetProperty(s => s.NextSlotAt, state.NextSlotAt),
                    cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<List<EndpointStateEntity>> LockAsync(
        DbContext context, IQueryable<EndpointStateEntity> candidates, CancellationToken cancellationToken)
    {
        // Most batches find nothing to change, and then lock nothing.
        var found = await candidates.Select(state => state.EndpointId).ToListAsync(cancellationToken).ConfigureAwait(false);
        found.Sort();
        if (found.Count == 0)
        {
            return [];
        }

        // Changes nothing but locks the rows on any database: what is read behind it stands until the transaction ends.
        var rows = context.Set<EndpointStateEntity>().Where(state => found.Contains(state.EndpointId));
        await rows.ExecuteUpdateAsync(state => state.SetProperty(s => s.Circuit, s => s.Circuit), cancellationToken).ConfigureAwait(false);
        return await rows.AsNoTracking().OrderBy(state => state.EndpointId).ToListAsync(cancellationToken).ConfigureAwait(false);
    }
}
