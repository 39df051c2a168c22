using System.Threading.Channels;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Keeps what other processes are to be told until it is sent; any number of calls are one.</summary>
internal sealed class PendingWakeUp : IDispatchWakeUp
{
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _work;

    public void WakeOthers(WaitingWork work)
    {
        // Only the first call of a batch has somebody to wake.
        if (work != WaitingWork.None && Interlocked.Or(ref _work, (int)work) == 0)
        {
            _added.Writer.TryWrite(true);
        }
    }

    /// <summary>Waits until there is something to tell.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        await _added.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Takes what is to be told.</summary>
    public WaitingWork Take() => (WaitingWork)Interlocked.Exchange(ref _work, 0);
}
