using System.Collections.Concurrent;

namespace WebhookKit.Dispatch;

/// <summary>Begins work a few pieces at a time, one for each core, in the order it came.</summary>
/// <remarks>
/// A lease may bring hundreds of deliveries at once, each with signing and writing to do before it first waits. Handed to
/// the thread pool together they would stand before everything else in it, the dispatcher's own statements included.
/// </remarks>
internal sealed class StartQueue<T>(Func<T, Task> begin) : IThreadPoolWorkItem
{
    // Few enough to take less than a millisecond, enough to spare the pool most hand-overs.
    private const int MostInARow = 16;

    private readonly ConcurrentQueue<T> _waiting = new();
    private readonly int _mostAtOnce = Environment.ProcessorCount;
    private int _active;

    public void Add(T work)
    {
        _waiting.Enqueue(work);
        Activate();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var begun = 0; begun < MostInARow; begun++)
        {
            if (!_waiting.TryDequeue(out var work))
            {
                Interlocked.Decrement(ref _active);
                if (!_waiting.IsEmpty)
                {
                    Activate();
                }

                return;
            }

            _ = begin(work);
        }

        // Behind whatever has become ready meanwhile.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Activate()
    {
        if (Interlocked.Increment(ref _active) <= _mostAtOnce)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            Interlocked.Decrement(ref _active);
        }
    }
}
