namespace WebhookKit.Verification;

/// <summary>Keys that are fetched one by one, under names that requests choose, and kept.</summary>
/// <remarks>
/// Anyone can make up names, before anything is verified. That costs no good key its place, and no good key the fetch that
/// renews it: names that were good once have a budget and a queue of their own. A key is good for a day, and for three while it
/// cannot be fetched anew; what could not be had is asked for again after a minute. Keys that are replaced are left to the garbage
/// collector: a request may still be verifying.
/// </remarks>
internal sealed class NamedKeys<TKey>(TimeProvider timeProvider) : IDisposable
    where TKey : INamedKey<TKey>
{
    // More than a provider signs with at a time, in all of its regions.
    private const int MaxGood = 64;

    private static readonly TimeSpan FreshFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan UsableFor = TimeSpan.FromDays(3);
    private static readonly TimeSpan FailedFor = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Good> _good = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Refused> _refused = new(StringComparer.Ordinal);
    private readonly Queue _renewals = new(timeProvider);
    private readonly Queue _firsts = new(timeProvider);

    public async ValueTask<TKey> FindAsync(string name, Func<ValueTask<TKey>> fetch, CancellationToken cancellationToken)
    {
        if (TryRecall(name, out var key))
        {
            return key;
        }

        var queue = IsGood(name) ? _renewals : _firsts;
        await queue.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return TryRecall(name, out key) || !queue.Budget.TrySpend() ? key : Keep(name, await fetch().ConfigureAwait(false));
        }
        finally
        {
            queue.Turn.Release();
        }
    }

    public void Dispose()
    {
        _renewals.Turn.Dispose();
        _firsts.Turn.Dispose();
    }

    /// <summary>Returns false when the name has to be asked for; the key is then what is left where it cannot be.</summary>
    private bool TryRecall(string name, out TKey key)
    {
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            if (_good.TryGetValue(name, out var good))
            {
                good.UsedAt = now;
                key = good.At(now);
                return now - good.FetchedAt < FreshFor || now - good.FailedAt < FailedFor;
            }

            var isKnown = _refused.TryGetValue(name, out var refused) && now - refused.At < FailedFor;
            key = isKnown ? refused.Key : TKey.None(VerificationStatus.KeyUnavailable);
            return isKnown;
        }
    }

    private bool IsGood(string name)
    {
        lock (_lock)
        {
            return _good.ContainsKey(name);
        }
    }

    private TKey Keep(string name, TKey key)
    {
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            if (key.Refusal == VerificationStatus.None)
            {
                if (!_good.ContainsKey(name) && _good.Count >= MaxGood)
                {
                    _good.Remove(_good.MinBy(good => good.Value.UsedAt).Key);
                }

                _good[name] = new Good(key, now);
                return key;
            }

            if (key.Refusal == VerificationStatus.KeyUnavailable && _good.TryGetValue(name, out var known))
            {
                known.FailedAt = now;
                return known.At(now);
            }

            // As many as the budget allows in two minutes, and no more: those before are forgotten here.
            foreach (var (old, refused) in _refused)
            {
                if (now - refused.At >= FailedFor)
                {
                    _refused.Remove(old);
                }
            }

            _good.Remove(name);
            _refused[name] = new Refused(key, now);
            return key;
        }
    }

    private sealed class Good(TKey key, DateTimeOffset now)
    {
        public DateTimeOffset FetchedAt { get; } = now;

        public DateTimeOffset UsedAt { get; set; } = now;

        public DateTimeOffset FailedAt { get; set; } = DateTimeOffset.MinValue;

        public TKey At(DateTimeOffset time) => time - FetchedAt < UsableFor ? key : TKey.None(VerificationStatus.KeyUnavailable);
    }

    private readonly record struct Refused(TKey Key, DateTimeOffset At);

    private sealed class Queue(TimeProvider timeProvider)
    {
        public FetchBudget Budget { get; } = new(timeProvider);

        public SemaphoreSlim Turn { get; } = new(1);
    }
}
