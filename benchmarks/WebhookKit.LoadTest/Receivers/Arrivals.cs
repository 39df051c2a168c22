using System.Diagnostics;

namespace WebhookKit.LoadTest.Receivers;

/// <summary>The distinct messages that have arrived, each with the instant of its first request. Thread-safe.</summary>
internal sealed class Arrivals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, long> _first = [];
    private int _requests;
    private int _goal = int.MaxValue;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Distinct
    {
        get
        {
            lock (_gate)
            {
                return _first.Count;
            }
        }
    }

    public int Requests => Volatile.Read(ref _requests);

    public void Add(string messageId)
    {
        var now = Stopwatch.GetTimestamp();
        var id = MessageId.Parse(messageId).Value;
        lock (_gate)
        {
            _requests++;
            if (_first.TryAdd(id, now) && _first.Count >= _goal)
            {
                _reached.TrySetResult();
            }
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _first.Clear();
            _requests = 0;
            _goal = int.MaxValue;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits for so many distinct messages, or until nothing new has come for a while.</summary>
    public async Task WaitAsync(int messages, TimeSpan quiet, CancellationToken cancellationToken)
    {
        Task reached;
        lock (_gate)
        {
            _goal = messages;
            if (_first.Count >= messages)
            {
                return;
            }

            reached = _reached.Task;
        }

        for (var (before, now) = (-1, Distinct); before != now; (before, now) = (now, Distinct))
        {
            await reached.WaitAsync(quiet, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (reached.IsCompletedSuccessfully)
            {
                return;
            }
        }
    }

    public Dictionary<Guid, long> Snapshot()
    {
        lock (_gate)
        {
            return new Dictionary<Guid, long>(_first);
        }
    }
}
