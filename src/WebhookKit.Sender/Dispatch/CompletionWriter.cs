using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Publishing;

namespace WebhookKit.Dispatch;

/// <summary>Writes outcomes back in batches: one statement for many attempts.</summary>
internal sealed class CompletionWriter(
    IDeliveryStore deliveries,
    StoreGuard guard,
    DispatchSlots slots,
    DueEndpoints due,
    DispatchSignal signal,
    SuspectGate suspects,
    OperationalEvents operational,
    SenderOptions options,
    TimeProvider timeProvider,
    ILogger logger)
{
    private const int FullBatch = 200;
    private const int MaxBatch = 500;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    // Bounded: while the store is away, attempts keep their slots and the loop leases no more.
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(Math.Max(options.MaxInFlight, MaxBatch)) { SingleReader = true });

    /// <summary>Takes an outcome to be written.</summary>
    public ValueTask CompleteAsync(AttemptVerdict verdict, LeaseClock lease)
    {
        var entry = new Entry(verdict.Completion.Delivery, verdict, lease);
        if (entry.AsksForLess)
        {
            slots.Hold(entry.Delivery.EndpointId);
            slots.Close(entry.Delivery.EndpointId, verdict.Health?.SlowDownFor ?? TimeSpan.Zero);
        }

        return _entries.Writer.WriteAsync(entry);
    }

    /// <summary>Takes a delivery to be handed back unsent.</summary>
    public ValueTask HandBackAsync(LeasedDelivery delivery, LeaseClock lease) =>
        _entries.Writer.WriteAsync(new Entry(delivery, null, lease));

    /// <summary>Says that nothing more comes; <see cref="RunAsync"/> ends when everything is written.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/>; what the store does not take in time is left to its lease.</summary>
    public async Task RunAsync()
    {
        var batch = new List<Entry>();
        while (batch.Count > 0 || await _entries.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            TakeInto(batch);

            // More is to come soon, unless the next of an ordering key waits for just this outcome.
            if (batch.Count < FullBatch && slots.InUse > batch.Count && batch.TrueForAll(entry => entry.Delivery.OrderingKey is null))
            {
                await Task.Delay(Linger, timeProvider).ConfigureAwait(false);
            }

            await guard.TryAsync("complete", token => WriteAsync(batch, token), CancellationToken.None).ConfigureAwait(false);
            var lost = Finish(batch, entry => entry.Lease.Remaining(timeProvider) <= TimeSpan.Zero);
            if (lost > 0)
            {
                logger.CompletionsLost(lost);
            }
        }
    }

    private async ValueTask WriteAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        // What has come meanwhile joins: its success or failure tells an outage from a row that cannot be written.
        TakeInto(batch);
        var handedBack = batch.FindAll(entry => entry.Verdict is null);
        if (handedBack.Count > 0)
        {
            await deliveries.ReleaseAsync(handedBack.ConvertAll(entry => entry.Delivery), cancellationToken).ConfigureAwait(false);
            Finish(batch, entry => entry.Verdict is null);
            Offer(handedBack);
        }

        if (batch.Count > 0)
        {
            // Always in the same order, so that two nodes do not deadlock.
            batch.Sort(static (one, other) => one.Delivery.Id.CompareTo(other.Delivery.Id));
            await WriteCompletionsAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    // What has lost its slot is due at once: whoever asks for another one meanwhile does not find it.
    private void Offer(List<Entry> handedBack)
    {
        var spaced = handedBack.FindAll(entry => entry.Delivery.StartsIn is not null);
        if (spaced.Count > 0)
        {
            spaced.ForEach(entry => due.Add(entry.Delivery.EndpointId, TimeSpan.Zero));
            signal.Wake();
        }
    }

    private async ValueTask WriteCompletionsAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        var bisection = new Bisection<Entry>(batch.ToArray());
        while (bisection.TryTake(out var part))
        {
            try
            {
                await WritePartAsync(part, cancellationToken).ConfigureAwait(false);
                bisection.Succeeded();
                Finish(batch, part.ToHashSet().Contains);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (bisection.Failed(part, exception))
                {
                    throw;
                }
            }
        }

        foreach (var (entry, exception) in bisection.Rejected)
        {
            logger.CompletionRejected(exception, entry.Delivery.Id);
            Finish(batch, entry.Equals);
        }
    }

    private async ValueTask WritePartAsync(IReadOnlyList<Entry> part, CancellationToken cancellationToken)
    {
        var verdicts = part.Select(entry => entry.Verdict!.Value).ToArray();
        var completions = Array.ConvertAll(verdicts, verdict => verdict.Completion);
        var health = OutcomeRules.Summarize(verdicts, options.EndpointHealth);
        var news = new BatchNews(verdicts, operational);
        var late = await deliveries.CompleteAsync(completions, health, news.Plan, cancellationToken).ConfigureAwait(false);
        if (news.Tell(logger))
        {
            signal.WakeFor(WaitingWork.Messages);
        }

        if (late.Count > 0)
        {
            logger.CompletionsLate(late.Count);
        }

        foreach (var disabled in health.Where(ofEndpoint => ofEndpoint.DisableBecause == EndpointStatusReason.Gone))
        {
            logger.EndpointGone(disabled.EndpointId);
        }

        foreach (var retry in completions.Where(completion => completion.Status == DeliveryStatus.Pending))
        {
            due.Add(retry.Delivery.EndpointId, retry.NextAttemptIn);
            if (retry.NextAttemptIn < options.PollInterval)
            {
                signal.Wake();
            }
        }

        foreach (var ordered in completions.Where(completion => completion.Delivery.OrderingKey is not null))
        {
            // The next of its key may have fallen due.
            due.Add(ordered.Delivery.EndpointId, TimeSpan.Zero);
            signal.Wake();
        }
    }

    private int Finish(List<Entry> batch, Predicate<Entry> isFinished) => batch.RemoveAll(entry =>
    {
        if (!isFinished(entry))
        {
            return false;
        }

        if (entry.AsksForLess)
        {
            slots.Resume(entry.Delivery.EndpointId);
        }

        suspects.Leave(entry.Delivery);
        return true;
    });

    private void TakeInto(List<Entry> batch)
    {
        while (batch.Count < MaxBatch && _entries.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
        }
    }

    private sealed class Entry(LeasedDelivery delivery, AttemptVerdict? verdict, LeaseClock lease)
    {
        public LeasedDelivery Delivery => delivery;

        public AttemptVerdict? Verdict => verdict;

        public LeaseClock Lease => lease;

        public bool AsksForLess => Verdict?.Health is { SlowDownFor: not null } or { DisableBecause: not null };
    }
}
