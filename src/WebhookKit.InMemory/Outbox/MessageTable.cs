namespace WebhookKit.InMemory.Outbox;

/// <summary>Messages by id, and those of them that wait for fan-out, the oldest first.</summary>
internal sealed class MessageTable
{
    private readonly Dictionary<MessageId, MessageRow> _rows = [];
    private readonly Queue<MessageId> _finished = [];

    public int Count => _rows.Count;

    public SortedSet<MessageId> Outbox { get; } = [];

    public IdempotencyKeyTable Keys { get; } = new();

    public bool Contains(MessageId id) => _rows.ContainsKey(id);

    public MessageRow? Find(MessageId id) => _rows.GetValueOrDefault(id);

    public void Add(WebhookMessage message)
    {
        _rows.Add(message.Id, new MessageRow(message));
        Outbox.Add(message.Id);
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

    private bool IsFinished(MessageRow row) => !Outbox.Contains(row.Message.Id) && row.PendingDeliveries == 0;
}
