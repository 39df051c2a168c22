namespace WebhookKit.EntityFrameworkCore.Inbox;

/// <summary>Numbers received events so that what came later, by the database's clock, has the higher number.</summary>
internal sealed class InboxPositions
{
    private readonly Lock _gate = new();
    private long _last;

    /// <summary>Takes so many numbers in a row and returns the first.</summary>
    public long Take(int count, DateTimeOffset now)
    {
        lock (_gate)
        {
            var first = Math.Max(_last + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            _last = first + count - 1;
            return first;
        }
    }
}
