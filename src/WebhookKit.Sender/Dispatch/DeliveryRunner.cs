using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Publishing;
using WebhookKit.Sending;

namespace WebhookKit.Dispatch;

/// <summary>Works on leased deliveries, and hands their outcomes to the completion writer.</summary>
internal sealed class DeliveryRunner(
    AttemptSender sender,
    CompletionWriter writer,
    DispatchSlots slots,
    DueEndpoints due,
    DispatchSignal signal,
    SenderOptions options,
    EndpointPolicies policies,
    JitterSource jitter,
    TimeProvider timeProvider,
    ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SlotTolerance _tolerance = new(timeProvider);
    private StartQueue<Work>? _starts;

    /// <summary>Starts work on a delivery; a message or an endpoint that no longer exists is <see langword="null"/>.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="lease">Its lease.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="renderingError">Why the message cannot be sent in the delivery's payload format.</param>
    public void Start(
        LeasedDelivery delivery, LeaseClock lease, WebhookMessage? message, WebhookEndpoint? endpoint, string? renderingError = null)
    {
        slots.Take(delivery, lease);
        _starts ??= new StartQueue<Work>(RunAsync);
        _starts.Add(new Work(delivery, lease, message, endpoint, renderingError));
    }

    /// <summary>Gives up attempts in flight, and hands back what has not begun.</summary>
    public void GiveUp() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(Work work)
    {
        var (delivery, lease, message, endpoint, renderingError) = work;
        try
        {
            if (CloseUnsent(delivery, message, endpoint) is { } completion)
            {
                await writer.CompleteAsync(
                    new AttemptVerdict(completion) { Endpoint = endpoint, EventType = message?.EventType, Origin = message?.Origin ?? default },
                    lease).ConfigureAwait(false);
            }
            else if (endpoint!.Status == EndpointStatus.Paused
                || !await WaitForSlotAsync(delivery, lease, endpoint.Rate).ConfigureAwait(false)
                || lease.Remaining(timeProvider) < options.AttemptTimeout)
            {
                await writer.HandBackAsync(delivery, lease).ConfigureAwait(false);
            }
            else
            {
                var result = renderingError is null
                    ? await sender.SendAsync(endpoint, message!, _stopping.Token).ConfigureAwait(false)
                    : sender.Fail(AttemptOutcome.RenderingFailed, renderingError);
                slots.Record(delivery.EndpointId, result.Attempt);
                var verdict = OutcomeRules.Decide(
                    delivery, result, policies.RetryScheduleOf(endpoint), jitter.Next(), endpoint.SkipFailingHead) with
                {
                    Endpoint = endpoint,
                    EventType = message!.EventType,
                    Origin = message.Origin,
                };
                if (IsExhaustedByOurStop(verdict.Completion))
                {
                    await writer.HandBackAsync(delivery, lease).ConfigureAwait(false);
                    return;
                }

                Report(result.Attempt, verdict.Completion);
                await writer.CompleteAsync(verdict, lease).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            logger.DispatchFaulted(exception);
        }
        finally
        {
            var waiters = slots.GiveBack(delivery, lease);

            // Whatever a lease took of an endpoint with a rate, there may be more to take now.
            if (waiters.HasFlag(SlotWaiters.Retries) || delivery.StartsIn is not null)
            {
                due.Add(delivery.EndpointId, TimeSpan.Zero);
            }

            if (waiters.HasFlag(SlotWaiters.FanOut) || (due.Count > 0 && slots.IsWorthLeasing(delivery.EndpointId)))
            {
                signal.Wake();
            }
        }
    }

    /// <returns>Whether its time has come and is not past, and neither the end of the process nor the endpoint's wish to be left alone.</returns>
    private async ValueTask<bool> WaitForSlotAsync(LeasedDelivery delivery, LeaseClock lease, EndpointRate? rate)
    {
        if (delivery.StartsIn is not { } startsIn)
        {
            return !_stopping.IsCancellationRequested;
        }

        _tolerance.Learn(timeProvider.GetElapsedTime(lease.AskedAt));
        if (startsIn - timeProvider.GetElapsedTime(lease.AnsweredAt) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, timeProvider, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A probe has nothing beside it, and one that is handed back would keep its endpoint closed until its lease ends.
        return !_stopping.IsCancellationRequested
            && !slots.IsClosed(delivery.EndpointId)
            && (delivery.IsProbe || timeProvider.GetElapsedTime(lease.AnsweredAt) - startsIn <= _tolerance.Of(rate));
    }

    // The last attempt of a delivery must be the endpoint's to fail: one that we cut off is made again.
    private bool IsExhaustedByOurStop(DeliveryCompletion completion) =>
        _stopping.IsCancellationRequested
        && completion is { Reason: DeliveryStatusReason.Exhausted, Attempt.Outcome: AttemptOutcome.SenderError };

    private void Report(Attempt attempt, DeliveryCompletion completion)
    {
        var delivery = completion.Delivery;
        switch (completion.Status)
        {
            case DeliveryStatus.Pending:
                logger.AttemptFailed(delivery.Id, attempt.Id, delivery.EndpointId, attempt.Outcome, attempt.StatusCode, completion.NextAttemptIn);
                break;
            case DeliveryStatus.DeadLettered:
                logger.DeliveryDeadLettered(delivery.Id, delivery.EndpointId, attempt.Id, attempt.Outcome, attempt.StatusCode, completion.Reason);
                break;
            default:
                logger.AttemptMade(delivery.Id, attempt.Id, delivery.EndpointId, attempt.Outcome, attempt.StatusCode);
                break;
        }
    }

    private DeliveryCompletion? CloseUnsent(LeasedDelivery delivery, WebhookMessage? message, WebhookEndpoint? endpoint)
    {
        if (delivery.Leases > SenderDefaults.MaxLeases)
        {
            logger.DeliveryAbandoned(delivery.Id, delivery.Leases);
            return OutcomeRules.Final(delivery, DeliveryStatus.DeadLettered, DeliveryStatusReason.Abandoned);
        }

        return (message, endpoint) switch
        {
            (null, _) => OutcomeRules.Final(delivery, DeliveryStatus.Canceled, DeliveryStatusReason.Erased),
            (_, null) => OutcomeRules.Final(delivery, DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted),
            (_, { Status: EndpointStatus.Disabled }) =>
                OutcomeRules.Final(delivery, DeliveryStatus.Skipped, DeliveryStatusReason.EndpointDisabled),
            _ => null,
        };
    }

    private readonly record struct Work(
        LeasedDelivery Delivery, LeaseClock Lease, WebhookMessage? Message, WebhookEndpoint? Endpoint, string? RenderingError);
}
