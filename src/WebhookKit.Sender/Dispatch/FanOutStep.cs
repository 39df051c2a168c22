using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.Dispatch;

/// <summary>Turns committed messages into deliveries, and starts those that were made already leased.</summary>
internal sealed class FanOutStep(
    IOutboxStore outbox,
    IEndpointStore endpoints,
    IdGenerator ids,
    DispatchSignal signal,
    DispatchSlots slots,
    DueEndpoints due,
    DeliveryRunner runner,
    SenderOptions options,
    TimeProvider timeProvider,
    ILogger logger)
{
    private const int MaxMessages = 200;

    // Wake-ups come as fast as attempts end; the outbox is not asked more often than this.
    private static readonly TimeSpan PendingPause = TimeSpan.FromMilliseconds(20);

    private long? _pendingAskedAt;
    private bool _isPendingPostponed;
    private bool _isPendingTold;

    /// <summary>Whether the step is worth repeating at once.</summary>
    public bool HasMore { get; private set; }

    /// <summary>How long until the step has to run again without being woken.</summary>
    public TimeSpan NextIn => (_isPendingPostponed ? PendingPause : options.PollInterval) - SincePending;

    private TimeSpan SincePending => _pendingAskedAt is { } askedAt ? timeProvider.GetElapsedTime(askedAt) : TimeSpan.MaxValue;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        HasMore = false;
        var lease = new LeaseClock(ids.NewLeaseId(), options.LeaseDuration, timeProvider.GetTimestamp());
        var plan = new FanOutPlan(endpoints, ids, slots, due, timeProvider, lease);
        var committed = signal.TakeCommitted(MaxMessages);
        if (committed.Count > 0)
        {
            var result = await outbox.FanOutCommittedAsync(committed, plan.PlanAsync, cancellationToken).ConfigureAwait(false);
            Start(result, plan, lease);
            HasMore = true;
        }

        _isPendingTold |= signal.TakeWaiting(WaitingWork.Messages);
        if (SincePending >= options.PollInterval || ((committed.Count == 0 || _isPendingTold) && SincePending >= PendingPause))
        {
            await FanOutPendingAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _isPendingPostponed = true;
        }
    }

    private async ValueTask FanOutPendingAsync(CancellationToken cancellationToken)
    {
        var lease = new LeaseClock(ids.NewLeaseId(), options.LeaseDuration, timeProvider.GetTimestamp());
        var plan = new FanOutPlan(endpoints, ids, slots, due, timeProvider, lease);
        var result = await outbox.FanOutPendingAsync(MaxMessages, plan.PlanAsync, cancellationToken).ConfigureAwait(false);
        Start(result, plan, lease);
        var isFull = result.Taken >= MaxMessages;
        HasMore |= isFull;
        _pendingAskedAt = isFull ? null : timeProvider.GetTimestamp();
        _isPendingPostponed = false;
        _isPendingTold = false;
    }

    private void Start(FanOutResult result, FanOutPlan plan, LeaseClock lease)
    {
        var messages = result.Messages.ToDictionary(message => message.Id);
        ReportUnwanted(result);
        foreach (var made in result.Deliveries.Where(made => made.Status == DeliveryStatus.Pending))
        {
            if (made.LeaseId == lease.Id)
            {
                var delivery = new LeasedDelivery(made.Id, made.MessageId, made.EndpointId, lease.Id, Attempts: 0, Leases: 1);
                runner.Start(delivery, lease, messages[made.MessageId], plan.Endpoints[made.EndpointId]);
            }
            else
            {
                due.Add(made.EndpointId, made.DueIn);
            }
        }

        if (plan.LacksSlots)
        {
            signal.WakeOthers(WaitingWork.Deliveries);
        }
    }

    // The first thing a person asks who published and sees nothing arrive.
    private void ReportUnwanted(FanOutResult result)
    {
        var wanted = result.Deliveries.Select(delivery => delivery.MessageId).ToHashSet();
        var unwanted = result.Messages.Where(message => !wanted.Contains(message.Id)).ToArray();
        if (unwanted is [var first, ..])
        {
            logger.MessagesUnwanted(unwanted.Length, first.Id, first.EventType);
        }
    }
}
