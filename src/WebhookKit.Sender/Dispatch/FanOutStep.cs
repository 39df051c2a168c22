using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Publishing;
using WebhookKit.Rendering;

namespace WebhookKit.Dispatch;

/// <summary>Turns committed messages into deliveries, and starts those that were made already leased.</summary>
internal sealed class FanOutStep(
    IOutboxStore outbox,
    IdGenerator ids,
    DispatchSignal signal,
    DispatchSlots slots,
    DueEndpoints due,
    ForeignEndpoints foreign,
    EndpointPolicies policies,
    EndpointRates rates,
    PayloadRenderer renderer,
    DeliveryRunner runner,
    SenderOptions options,
    TimeProvider timeProvider,
    ILogger logger)
{
    private const int FewestMessages = 200;
    private const int MaxMessages = 500;

    // Wake-ups come as fast as attempts end; the outbox is not asked more often than this.
    private static readonly TimeSpan PendingPause = TimeSpan.FromMilliseconds(20);

    private readonly ContentFilters _filters = new();
    private RejectedMessages? _rejected;
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
        var committed = signal.TakeCommitted(FewestMessages);
        var isAnyOrdered = committed.Any(message => message.OrderingKey is not null);
        if (committed.Count > 0)
        {
            HasMore = true;

            // What keeps an order is not taken from a hint: what was published before it may still be in the outbox.
            var unordered = isAnyOrdered ? [.. committed.Where(message => message.OrderingKey is null)] : committed;
            await FanOutAsync(unordered, skipped: null, cancellationToken).ConfigureAwait(false);
        }

        _isPendingTold |= signal.TakeWaiting(WaitingWork.Messages) || isAnyOrdered;
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
        var maxMessages = Math.Clamp(slots.Free.All, FewestMessages, MaxMessages);
        var plan = NewPlan();
        try
        {
            var result = await outbox.FanOutPendingAsync(maxMessages, plan.Plan, cancellationToken).ConfigureAwait(false);
            Start(result, plan);
            _isMorePending = result.Taken >= maxMessages;
            if (!_isMorePending)
            {
                _rejected?.Forget();
            }
        }
        catch (Exception) when (plan.Messages.Count > 1 && !cancellationToken.IsCancellationRequested)
        {
            _rejected ??= new RejectedMessages(FanOutAsync, timeProvider, logger);
            _isMorePending = await _rejected.FanOutApartAsync(plan.Messages, cancellationToken).ConfigureAwait(false);
        }

        _pendingAskedAt = timeProvider.GetTimestamp();
        _isPendingTold = false;
        if (_isMorePending && slots.AreScarce)
        {
            signal.WakeOthers(WaitingWork.Messages);
        }
    }

    private async ValueTask<int> FanOutAsync(IReadOnlyList<WebhookMessage> messages, MessageId? skipped, CancellationToken cancellationToken)
    {
        var plan = NewPlan(skipped);
        var result = await outbox.FanOutCommittedAsync(messages, plan.Plan, cancellationToken).ConfigureAwait(false);
        Start(result, plan);
        return result.Taken;
    }

    private FanOutPlan NewPlan(MessageId? skipped = null) => new(
        _filters,
        ids,
        slots,
        due,
        foreign,
        policies,
        rates,
        renderer,
        timeProvider,
        new LeaseClock(ids.NewLeaseId(), options.LeaseDuration, timeProvider.GetTimestamp()),
        skipped);

    private void Start(FanOutResult result, FanOutPlan plan)
    {
        var messages = new Dictionary<MessageId, (WebhookMessage Message, bool IsWanted)>(result.Messages.Count);
        foreach (var message in result.Messages)
        {
            messages.Add(message.Id, (message, false));
        }

        foreach (var made in result.Deliveries)
        {
            ref var message = ref CollectionsMarshal.GetValueRefOrNullRef(messages, made.MessageId);
            message.IsWanted = true;
            if (made.Status != DeliveryStatus.Pending)
            {
                continue;
            }

            if (made.LeaseId is { } leaseId)
            {
                var delivery = new LeasedDelivery(made.Id, made.MessageId, made.EndpointId, leaseId, Attempts: 0, Leases: 1) { PayloadFormat = made.PayloadFormat };
                runner.Start(delivery, plan.Lease, made.Rendering?.ApplyTo(message.Message) ?? message.Message, plan.Endpoints[made.EndpointId]);
            }
            else
            {
                due.Add(made.EndpointId, made.DueIn);
            }
        }

        ReportUnwanted([.. messages.Values.Where(message => !message.IsWanted).Select(message => message.Message)]);
        if (plan.Unfiltered is var (messageId, endpointId))
        {
            logger.FilterFailed(messageId, endpointId);
        }

        if (plan.LacksSlots)
        {
            signal.WakeOthers(WaitingWork.Deliveries);
        }
    }

    // The first thing a person asks who published and sees nothing arrive.
    private void ReportUnwanted(WebhookMessage[] unwanted)
    {
        if (unwanted is [var first, ..])
        {
            logger.MessagesUnwanted(unwanted.Length, first.Id, first.EventType);
        }
    }
}
