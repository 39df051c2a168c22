using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Remembers what was used last, at most twice as much as said. Thread-safe; a hit takes no lock.</summary>
/// <remarks>Two halves: when the younger is full it becomes the older one, and what is found there is young again.</remarks>
internal sealed class RecentlyUsed<TKey, TValue>(int maxRecent)
    where TKey : notnull
    where TValue : class
{
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();
    private int _added;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.TryGetValue(key, out value))
        {
            return false;
        }

        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        var young = _young;
        if (!young.TryAdd(key, value))
        {
            young[key] = value;
        }
        else if (Interlocked.Increment(ref _added) >= maxRecent)
        {
            Interlocked.Exchange(ref _added, 0);
            _old = young;
            _young = new ConcurrentDictionary<TKey, TValue>();
        }
    }
}
