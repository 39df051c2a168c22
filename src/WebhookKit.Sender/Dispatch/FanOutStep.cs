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
    private const int FewestMessages = 200;
    private const int MaxMessages = 500;

    // Wake-ups come as fast as attempts end; the outbox is not asked more often than this.
    private static readonly TimeSpan PendingPause = TimeSpan.FromMilliseconds(20);

    private long? _pendingAskedAt;
    private bool _isPendingPostponed;
    private bool _isPendingTold;
    private bool _isMorePending;

    /// <summary>Whether the step is worth repeating at once.</summary>
    public bool HasMore { get; private set; }

    /// <summary>How long until the step has to run again without being woken.</summary>
    public TimeSpan NextIn => (_isPendingPostponed && !slots.AreScarce ? PendingPause : options.PollInterval) - SincePending;

    private TimeSpan SincePending => _pendingAskedAt is { } askedAt ? timeProvider.GetElapsedTime(askedAt) : TimeSpan.MaxValue;

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        HasMore = false;
        var lease = new LeaseClock(ids.NewLeaseId(), options.LeaseDuration, timeProvider.GetTimestamp());
        var plan = new FanOutPlan(endpoints, ids, slots, due, timeProvider, lease);
        var committed = signal.TakeCommitted(FewestMessages);
        if (committed.Count > 0)
        {
            var result = await outbox.FanOutCommittedAsync(committed, plan.PlanAsync, cancellationToken).ConfigureAwait(false);
            Start(result, plan, lease);
            HasMore = true;
        }

        // What keeps an order is not taken from a hint: it has to be asked for.
        _isPendingTold |= signal.TakeWaiting(WaitingWork.Messages) || committed.Any(message => message.OrderingKey is not null);
        _isPendingPostponed = !IsPendingTime(committed.Count);
        if (!_isPendingPostponed)
        {
            await FanOutPendingAsync(cancellationToken).ConfigureAwait(false);
        }

        HasMore |= _isMorePending && !slots.AreScarce;
    }

    // A message that cannot start is better left in the outbox: made now, its deliveries would be written once more to
    // be leased. Never for longer than a poll, for what stands behind them may be for an endpoint that has its slots free.
    private bool IsPendingTime(int committed) =>
        SincePending >= options.PollInterval
        || (!slots.AreScarce && (_isMorePending || ((committed == 0 || _isPendingTold) && SincePending >= PendingPause)));

    private async ValueTask FanOutPendingAsync(CancellationToken cancellationToken)
    {
        var lease = new LeaseClock(ids.NewLeaseId(), options.LeaseDuration, timeProvider.GetTimestamp());
        var plan = new FanOutPlan(endpoints, ids, slots, due, timeProvider, lease);
        var maxMessages = Math.Clamp(slots.Free.All, FewestMessages, MaxMessages);
        var result = await outbox.FanOutPendingAsync(maxMessages, plan.PlanAsync, cancellationToken).ConfigureAwait(false);
        Start(result, plan, lease);
        _isMorePending = result.Taken >= maxMessages;
        _pendingAskedAt = timeProvider.GetTimestamp();
        _isPendingTold = false;
        if (_isMorePending && slots.AreScarce)
        {
            signal.WakeOthers(WaitingWork.Messages);
        }
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
