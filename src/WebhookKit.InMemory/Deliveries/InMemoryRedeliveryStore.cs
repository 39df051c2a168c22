using WebhookKit.Deliveries;

namespace WebhookKit.InMemory.Deliveries;

/// <summary>Redeliveries in memory.</summary>
internal sealed class InMemoryRedeliveryStore(SenderState state, TimeProvider timeProvider) : IRedeliveryStore
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    public ValueTask<RedeliveryPreview> PreviewAsync(RedeliverySelection selection, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult(Preview(selection, timeProvider.GetUtcNow()));
        }
    }

    public ValueTask BeginAsync(RedeliveryId id, RedeliverySelection selection, int maxPerSecond, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            var (count, bounded) = Preview(selection, now);
            var progress = new RedeliveryProgress
            {
                Id = id,
                Selection = bounded,
                MaxPerSecond = maxPerSecond,
                Count = count,
                Done = 0,
                StartedAt = now,
            };
            state.Redeliveries.Add(id, new RedeliveryRow(progress, UnderWay(bounded)));
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<RedeliveryStep> ContinueAsync(int maxDeliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            var oldest = state.Redeliveries.Values.Where(row => row.Progress.EndedAt is null).MinBy(row => row.DueAt);
            return ValueTask.FromResult(oldest is null ? default
                : oldest.DueAt > now ? new RedeliveryStep(0, oldest.DueAt - now)
                : Continue(oldest, maxDeliveries, now));
        }
    }

    public ValueTask<RedeliveryProgress?> FindAsync(RedeliveryId id, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult(state.Redeliveries.GetValueOrDefault(id)?.Progress);
        }
    }

    public ValueTask<bool> CancelAsync(RedeliveryId id, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            if (state.Redeliveries.GetValueOrDefault(id) is not { Progress.EndedAt: null } row)
            {
                return ValueTask.FromResult(false);
            }

            row.Progress = row.Progress with { EndedAt = timeProvider.GetUtcNow(), IsCanceled = true };
            return ValueTask.FromResult(true);
        }
    }

    private RedeliveryStep Continue(RedeliveryRow redelivery, int maxDeliveries, DateTimeOffset now)
    {
        var progress = redelivery.Progress;
        var size = Math.Min(maxDeliveries, progress.MaxPerSecond);
        DeliveryRow[] ended = [.. Ended(progress.Selection).OrderBy(row => row.DueAt).Take(size)];
        DeliveryRow[] failed = [.. redelivery.UnderWay.Where(HasFailed)];
        foreach (var row in ended.Concat(failed))
        {
            BeginAnew(row, now);
        }

        redelivery.UnderWay.RemoveAll(row => row is not { Status: DeliveryStatus.Pending, LeaseId: not null });
        var count = ended.Length + failed.Length;
        var isThrough = ended.Length < size && redelivery.UnderWay.Count == 0;
        var pause = ended.Length < size && redelivery.UnderWay.Count > 0
            ? LookAgainAfter
            : TimeSpan.FromSeconds((double)count / progress.MaxPerSecond);
        redelivery.DueAt = now + pause;
        redelivery.Progress = progress with { Done = progress.Done + count, EndedAt = isThrough ? now : null };
        return new RedeliveryStep(count, isThrough ? TimeSpan.Zero : pause);
    }

    private void BeginAnew(DeliveryRow row, DateTimeOffset now)
    {
        if (row.Status != DeliveryStatus.Pending)
        {
            state.Messages.Find(row.MessageId)!.PendingDeliveries++;
        }

        state.Deliveries.TakeOut(row);
        row.BeginAnew(now);
        state.Deliveries.PutBack(row);
    }

    private RedeliveryPreview Preview(RedeliverySelection selection, DateTimeOffset now)
    {
        var bounded = selection with { Until = selection.Until ?? now };
        return new RedeliveryPreview(Ended(bounded).Count() + UnderWay(bounded).Count(), bounded);
    }

    private IEnumerable<DeliveryRow> Ended(RedeliverySelection selection) => Named(selection).Where(row =>
        (selection.Status is { } status
            ? row.Status == status
            : row.Status is DeliveryStatus.Succeeded or DeliveryStatus.DeadLettered or DeliveryStatus.Skipped)
        && (selection.Since is null || row.DueAt >= selection.Since)
        && (selection.Until is null || row.DueAt < selection.Until)
        && IsSendable(row));

    private IEnumerable<DeliveryRow> UnderWay(RedeliverySelection selection) => selection.MessageId is null
        ? []
        : Named(selection).Where(row => row.Status == DeliveryStatus.Pending && (row.LeaseId is not null || row.Attempts > 0)
            && row.DueAt != DateTimeOffset.MaxValue && IsSendable(row));

    private bool HasFailed(DeliveryRow row) => row.Status switch
    {
        DeliveryStatus.Pending => row.LeaseId is null && row.Attempts > 0 && row.DueAt != DateTimeOffset.MaxValue,
        DeliveryStatus.DeadLettered => row.Reason != DeliveryStatusReason.EndpointGone && IsSendable(row),
        _ => false,
    };

    private bool IsSendable(DeliveryRow row) =>
        state.Endpoints.Find(row.EndpointId) is { Status: not EndpointStatus.Disabled }
        && state.Messages.Find(row.MessageId) is { ErasedAt: null };

    private IEnumerable<DeliveryRow> Named(RedeliverySelection selection) =>
        (selection.MessageId is { } messageId ? state.Messages.Find(messageId)?.Deliveries ?? [] : state.Deliveries.All).Where(row =>
            (selection.EndpointId is null || row.EndpointId == selection.EndpointId)
            && (!selection.IsOfTenant
                || (state.Endpoints.Find(row.EndpointId) is { } endpoint && endpoint.TenantId == selection.TenantId)));
}
