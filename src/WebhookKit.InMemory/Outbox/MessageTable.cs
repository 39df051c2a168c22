namespace WebhookKit.InMemory.Outbox;

/// <summary>Messages by id, and those of them that wait for fan-out, the oldest first.</summary>
internal sealed class MessageTable
{
    private readonly Dictionary<MessageId, MessageRow> _rows = [];
    private readonly LinkedList<MessageRow> _outbox = new();
    private Queue<MessageId> _finished = [];

    public int Count => _rows.Count;

    /// <summary>What waits for fan-out, the oldest first.</summary>
    public IEnumerable<MessageRow> Outbox => _outbox;

    public IdempotencyKeyTable Keys { get; } = new();

    public IEnumerable<MessageRow> All => _rows.Values;

    public bool Contains(MessageId id) => _rows.ContainsKey(id);

    public MessageRow? Find(MessageId id) => _rows.GetValueOrDefault(id);

    public void Add(WebhookMessage message, DateTimeOffset now)
    {
        var row = new MessageRow(message, now);
        _rows.Add(message.Id, row);
        row.Place = _outbox.AddLast(row);
    }

    /// <summary>Takes a message that waits out of the outbox.</summary>
    public void TakeOut(MessageRow row)
    {
        if (row.Place is { } place)
        {
            _outbox.Remove(place);
            row.Place = null;
            OfferToForget(row);
        }
    }

    /// <summary>Lets a message be forgotten when nothing of it is owed any more.</summary>
    public void OfferToForget(MessageRow row)
    {
        if (IsFinished(row))
        {
            _finished.Enqueue(row.Message.Id);
        }
    }

    /// <summary>Forgets the message that was finished first.</summary>
    /// <returns>What was forgotten, or <see langword="null"/> when every message is still owed.</returns>
    public MessageRow? ForgetFinished()
    {
        while (_finished.TryDequeue(out var id))
        {
            if (_rows.TryGetValue(id, out var row) && IsFinished(row))
            {
                _rows.Remove(id);
                return row;
            }
        }

        return null;
    }

    /// <summary>Deletes messages that nothing needs any more.</summary>
    public void Delete(IReadOnlyCollection<MessageRow> rows)
    {
        foreach (var row in rows)
        {
            _rows.Remove(row.Message.Id);
        }

        if (rows.Count > 0)
        {
            _finished = new Queue<MessageId>(_finished.Where(_rows.ContainsKey));
        }
    }

    /// <summary>Erases a message; one that still waits for fan-out is taken out of the outbox.</summary>
    public void Erase(MessageRow row, DateTimeOffset now)
    {
        row.Erase(now);
        TakeOut(row);
    }

    private bool IsFinished(MessageRow row) => !row.IsWaiting && row.PendingDeliveries == 0;
}
