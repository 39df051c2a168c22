using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Redeliveries in the host's own database: each part is one transaction that also notes how far they have come.</summary>
internal sealed class EntityFrameworkRedeliveryStore(StoreDatabase database, DatabaseClock clock) : IRedeliveryStore
{
    /// <summary>How often it is looked whether an attempt that was under way has ended.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    public async ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken) =>
        await database.ReadAsync(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            return (await PreviewAsync(context, selection, now, cancellationToken).ConfigureAwait(false)).Preview;
        }).ConfigureAwait(false);

    public async ValueTask BeginAsync(
        RedeliveryId id, RedeliverySelection selection, int maxPerSecond, CancellationToken cancellationToken) =>
        await database.WriteForHostAsync(
            async (context, now, token) =>
            {
                var ((count, bounded), underWay) = await PreviewAsync(context, selection, now, token).ConfigureAwait(false);
                var row = RedeliveryEntity.From(id, bounded, maxPerSecond, count, RedeliveryEntity.Pack(underWay), now);
                await context.InsertRowsAsync([row], token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<RedeliveryStep> ContinueAsync(int maxDeliveries, CancellationToken cancellationToken)
    {
        var (row, now) = await database.ReadAsync(async context =>
        {
            var oldest = await Open(context).AsNoTracking().OrderBy(redelivery => redelivery.DueAt)
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            return (oldest, oldest is null ? default : await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);
        return row is null ? default
            : row.DueAt > now ? new RedeliveryStep(0, row.DueAt - now)
            : await database.WriteAsync(
                (context, startedAt, token) => ContinueAsync(context, row, maxDeliveries, startedAt, token), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<RedeliveryProgress?> FindAsync(RedeliveryId id, CancellationToken cancellationToken) =>
        (await database.ReadAsync(context => context.Set<RedeliveryEntity>().AsNoTracking()
            .SingleOrDefaultAsync(redelivery => redelivery.Id == id, cancellationToken)).ConfigureAwait(false))?.ToProgress();

    public async ValueTask<bool> CancelAsync(RedeliveryId id, CancellationToken cancellationToken) =>
        await database.WriteForHostAsync(
            (context, now, token) => Open(context).Where(redelivery => redelivery.Id == id).ExecuteUpdateAsync(
                redelivery => redelivery.SetProperty(r => r.EndedAt, now).SetProperty(r => r.IsCanceled, true), token),
            cancellationToken).ConfigureAwait(false) > 0;

    private static IQueryable<RedeliveryEntity> Open(DbContext context) =>
        context.Set<RedeliveryEntity>().Where(redelivery => redelivery.EndedAt == null);

    private static async Task<(RedeliveryPreview Preview, List<DeliveryId> UnderWay)> PreviewAsync(
        DbContext context, RedeliverySelection selection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bounded = selection with { Until = selection.Until ?? now };
        var count = await SelectedDeliveries.Ended(context, bounded).CountAsync(cancellationToken).ConfigureAwait(false);
        var underWay = await SelectedDeliveries.FindUnderWayAsync(context, bounded, cancellationToken).ConfigureAwait(false);
        return (new RedeliveryPreview(count + underWay.Count, bounded), underWay);
    }

    private static async Task<RedeliveryStep> ContinueAsync(
        DbContext context, RedeliveryEntity row, int maxDeliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // 1. Take it: of two nodes one finds its due time changed, and this part left to the other.
        var ours = Open(context).Where(redelivery => redelivery.Id == row.Id);
        var taken = await ours.Where(redelivery => redelivery.DueAt == row.DueAt)
            .ExecuteUpdateAsync(redelivery => redelivery.SetProperty(r => r.DueAt, now + LookAgainAfter), cancellationToken)
            .ConfigureAwait(false);
        if (taken == 0)
        {
            return new RedeliveryStep(0, TimeSpan.Zero);
        }

        // 2. What has ended, a batch at a time; what has begun anew is not selected any more.
        var size = TurnSize.Limit(context, Math.Min(maxDeliveries, row.MaxPerSecond));
        var ended = SelectedDeliveries.Ended(context, row.GetSelection());
        var ids = await ended.OrderBy(delivery => delivery.DueAt).Take(size).Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var count = await NewCycles.BeginEndedAsync(ended, ids, now, cancellationToken).ConfigureAwait(false);

        // 3. What was under way when it was asked for.
        var (failed, underWay) = await NewCycles.BeginFailedAsync(context, row.GetWaiting(), now, cancellationToken).ConfigureAwait(false);
        count += failed;

        // 4. How far it has come.
        var isThrough = ids.Count < size && underWay.Count == 0;
        var pause = ids.Count < size && underWay.Count > 0 ? LookAgainAfter : TimeSpan.FromSeconds((double)count / row.MaxPerSecond);
        DateTimeOffset? endedAt = isThrough ? now : null;
        await ours.ExecuteUpdateAsync(
            redelivery => redelivery
                .SetProperty(r => r.Done, r => r.Done + count)
                .SetProperty(r => r.Waiting, RedeliveryEntity.Pack(underWay))
                .SetProperty(r => r.DueAt, now + pause)
                .SetProperty(r => r.EndedAt, endedAt),
            cancellationToken).ConfigureAwait(false);
        return new RedeliveryStep(count, isThrough ? TimeSpan.Zero : pause);
    }
}
