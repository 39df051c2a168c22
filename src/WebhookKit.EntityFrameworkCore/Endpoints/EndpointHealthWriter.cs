using Microsoft.EntityFrameworkCore;
using WebhookKit.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Adds what a batch of outcomes says to the health that all nodes share.</summary>
internal static class EndpointHealthWriter
{
    public static async Task WriteAsync(
        DbContext context, IEnumerable<EndpointHealth> health, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // In the order of the ids, so that two nodes with the same endpoints cannot wait for each other.
        foreach (var change in health.OrderBy(change => change.EndpointId))
        {
            var state = context.Set<EndpointStateEntity>().Where(state => state.EndpointId == change.EndpointId);
            await CountAsync(state, change, now, cancellationToken).ConfigureAwait(false);
            if (change.SlowDownFor is { } slowDown)
            {
                await state.Where(s => s.SlowedDownUntil == null || s.SlowedDownUntil < now + slowDown)
                    .ExecuteUpdateAsync(s => s.SetProperty(e => e.SlowedDownUntil, now + slowDown), cancellationToken)
                    .ConfigureAwait(false);
            }

            if (change.DisableBecause is { } reason)
            {
                await state.Where(s => s.Status != EndpointStatus.Disabled)
                    .ExecuteUpdateAsync(
                        s => s.SetProperty(e => e.Status, EndpointStatus.Disabled).SetProperty(e => e.StatusReason, reason),
                        cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task CountAsync(
        IQueryable<EndpointStateEntity> state, EndpointHealth change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (change.Successes > 0)
        {
            await state.ExecuteUpdateAsync(
                s => s
                    .SetProperty(e => e.ConsecutiveFailures, 0)
                    .SetProperty(e => e.FailingSince, (DateTimeOffset?)null)
                    .SetProperty(e => e.LastSuccessAt, now),
                cancellationToken).ConfigureAwait(false);
        }
        else if (change.Failures > 0)
        {
            await state.ExecuteUpdateAsync(
                s => s
                    .SetProperty(e => e.ConsecutiveFailures, e => e.ConsecutiveFailures + change.Failures)
                    .SetProperty(e => e.FailingSince, e => e.FailingSince ?? now),
                cancellationToken).ConfigureAwait(false);
        }
    }
}
