using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>Counts attempts in flight, in all and per endpoint. Thread-safe.</summary>
/// <remarks>Only the dispatch loop takes slots; attempts give them back from any thread.</remarks>
internal sealed class DispatchSlots(int max, int maxPerEndpoint)
{
    // A quarter of an endpoint's slots is kept for first attempts while retries wait.
    private readonly int _maxRetriesPerEndpoint = Math.Max(maxPerEndpoint - (maxPerEndpoint + 3) / 4, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointId, InFlight> _endpoints = [];
    private readonly Dictionary<EndpointId, int> _holds = [];
    private int _inFlight;
    private TaskCompletionSource? _emptied;

    public int Free => max - InUse;

    public int InUse
    {
        get
        {
            lock (_gate)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>What the endpoint may give to a lease.</summary>
    public LeaseBudget GetBudget(EndpointId id)
    {
        lock (_gate)
        {
            var used = _endpoints.GetValueOrDefault(id);
            var free = _holds.ContainsKey(id) ? 0 : maxPerEndpoint - used.All;
            return new LeaseBudget(id, free, Math.Clamp(_maxRetriesPerEndpoint - used.Retries, 0, free));
        }
    }

    /// <summary>Whether enough slots of the endpoint are free to be worth a statement of their own.</summary>
    public bool IsWorthLeasing(EndpointId id)
    {
        lock (_gate)
        {
            var used = _endpoints.GetValueOrDefault(id).All;
            return used == 0 || maxPerEndpoint - used >= (maxPerEndpoint + 3) / 4;
        }
    }

    public void Take(LeasedDelivery delivery)
    {
        lock (_gate)
        {
            _inFlight++;
            var used = _endpoints.GetValueOrDefault(delivery.EndpointId);
            _endpoints[delivery.EndpointId] = new InFlight(used.All + 1, used.Retries + RetriesOf(delivery));
        }
    }

    /// <returns>Whether retries of the endpoint may have waited for this slot.</returns>
    public bool GiveBack(LeasedDelivery delivery)
    {
        bool retriesMayWait;
        TaskCompletionSource? emptied = null;
        lock (_gate)
        {
            var used = _endpoints[delivery.EndpointId];
            retriesMayWait = RetriesOf(delivery) > 0 && used.Retries == _maxRetriesPerEndpoint;
            if (used.All == 1)
            {
                _endpoints.Remove(delivery.EndpointId);
            }
            else
            {
                _endpoints[delivery.EndpointId] = new InFlight(used.All - 1, used.Retries - RetriesOf(delivery));
            }

            if (--_inFlight == 0)
            {
                emptied = _emptied;
            }
        }

        emptied?.TrySetResult();
        return retriesMayWait;
    }

    /// <summary>
    /// Closes an endpoint that has asked for less or for nothing, until the store knows it too: what is leased in
    /// between would be sent against its wish.
    /// </summary>
    public void Hold(EndpointId id)
    {
        lock (_gate)
        {
            _holds[id] = _holds.GetValueOrDefault(id) + 1;
        }
    }

    /// <summary>Takes back one <see cref="Hold"/>.</summary>
    public void Resume(EndpointId id)
    {
        lock (_gate)
        {
            if (--_holds[id] == 0)
            {
                _holds.Remove(id);
            }
        }
    }

    /// <summary>Completes when nothing is in flight; to be asked for once nothing more is taken.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _inFlight == 0 ? Task.CompletedTask : _emptied.Task;
        }
    }

    private static int RetriesOf(LeasedDelivery delivery) => delivery.Attempts > 0 ? 1 : 0;

    private readonly record struct InFlight(int All, int Retries);
}
