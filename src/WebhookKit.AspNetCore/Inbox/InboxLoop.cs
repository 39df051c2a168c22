using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WebhookKit.Identifiers;

namespace WebhookKit.Inbox;

/// <summary>Leases the due entries of one source, no more than can begin at once, and has them handled.</summary>
internal sealed class InboxLoop(
    string source,
    InboxOptions options,
    TimeSpan handlerTimeout,
    IInboxStore inbox,
    InboxRunner runner,
    InboxSignal signal,
    IdGenerator ids,
    TimeProvider timeProvider,
    ILogger logger)
{
    private readonly SemaphoreSlim _slots = new(options.MaxConcurrency);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly InboxOutage _outage = new(source, timeProvider, logger);

    /// <summary>Runs until it is told to stop, and then until what has begun has ended.</summary>
    /// <param name="stopping">Ends leasing.</param>
    /// <param name="hurry">Ends handlers.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken hurry)
    {
        try
        {
            while (true)
            {
                var free = await TakeSlotsAsync(stopping);
                var leased = await LeaseAsync(free, stopping);
                foreach (var entry in leased)
                {
                    Start(entry, hurry);
                }

                if (leased.Count < free)
                {
                    await signal.WaitAsync(source, InboxDefaults.PollInterval, timeProvider, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await Task.WhenAll(_running.Keys);
    }

    private async Task<int> TakeSlotsAsync(CancellationToken stopping)
    {
        await _slots.WaitAsync(stopping);
        var free = 1;
        while (_slots.Wait(0, CancellationToken.None))
        {
            free++;
        }

        return free;
    }

    private async Task<IReadOnlyList<LeasedInboxEntry>> LeaseAsync(int free, CancellationToken stopping)
    {
        IReadOnlyList<LeasedInboxEntry> leased = [];
        try
        {
            var lease = handlerTimeout + InboxDefaults.LeaseMargin;
            leased = await _outage.RunAsync(token => inbox.LeaseAsync(source, free, ids.NewLeaseId(), lease, token), stopping);
            return leased;
        }
        finally
        {
            if (free > leased.Count)
            {
                _slots.Release(free - leased.Count);
            }
        }
    }

    private void Start(LeasedInboxEntry entry, CancellationToken hurry)
    {
        var run = new Task<Task>(() => HandleAsync(entry, hurry));
        var whole = run.Unwrap();
        _running[whole] = true;
        _ = whole.ContinueWith(
            ended => _running.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        run.Start(TaskScheduler.Default);
    }

    private async Task HandleAsync(LeasedInboxEntry entry, CancellationToken hurry)
    {
        try
        {
            await runner.RunAsync(source, options, entry, _outage, hurry);
        }
        finally
        {
            _slots.Release();
            if (entry.Entry.OrderingKey is not null)
            {
                // The next of its line may be due now.
                signal.Wake(source);
            }
        }
    }
}
