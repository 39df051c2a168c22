using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Adds what a batch of outcomes says to the health that all nodes share.</summary>
internal static class PortableHealth
{
    public static async Task WriteAsync(
        DbContext context, IEnumerable<EndpointHealth> health, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Endpoints of which the same is said share a statement; in one order, so that two nodes cannot wait for each other.
        foreach (var alike in health
            .GroupBy(change => change with { EndpointId = default })
            .Select(alike => (alike.Key, Ids: alike.Select(change => change.EndpointId).Order().ToArray()))
            .OrderBy(alike => alike.Ids[0]))
        {
            var states = context.Set<EndpointStateEntity>().Where(state => alike.Ids.Contains(state.EndpointId));
            await CountAsync(states, alike.Key, now, cancellationToken).ConfigureAwait(false);
            if (alike.Key.SlowDownFor is { } slowDown)
            {
                await states.Where(s => s.SlowedDownUntil == null || s.SlowedDownUntil < now + slowDown)
                    .ExecuteUpdateAsync(s => s.SetProperty(e => e.SlowedDownUntil, now + slowDown), cancellationToken)
                    .ConfigureAwait(false);
            }

            if (alike.Key.DisableBecause is { } reason)
            {
                await states.Where(s => s.Status != EndpointStatus.Disabled)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(e => e.Status, EndpointStatus.Disabled).SetProperty(e => e.StatusReason, reason),
                        cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task CountAsync(
        IQueryable<EndpointStateEntity> states, EndpointHealth change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (change.Successes > 0)
        {
            var stale = now - EndpointStateEntity.SuccessGrain;
            await states
                .Where(state => state.ConsecutiveFailures > 0 || state.LastSuccessAt == null || state.LastSuccessAt < stale)
                .ExecuteUpdateAsync(
                    s => s
                        .SetProperty(e => e.ConsecutiveFailures, 0)
                        .SetProperty(e => e.FailingSince, (DateTimeOffset?)null)
                        .SetProperty(e => e.LastSuccessAt, now),
                    cancellationToken).ConfigureAwait(false);
        }
        else if (change.Failures > 0)
        {
            await states.ExecuteUpdateAsync(
                s => s
                    .SetProperty(e => e.ConsecutiveFailures, e => e.ConsecutiveFailures + change.Failures)
                    .SetProperty(e => e.FailingSince, e => e.FailingSince ?? now),
                cancellationToken).ConfigureAwait(false);
        }
    }
}
