using System.Data.Common;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Tells other processes what waits for them, in statements of its own: never in a transaction of the caller's.</summary>
internal sealed class WakeUpNotifier(
    WakeUpConnector connector,
    WakeUpPayload payload,
    PendingWakeUp pending,
    DispatchSignal signal,
    ReconnectPause pause,
    WakeUpOutage outage,
    TimeProvider timeProvider)
{
    private WakeUpConnection? _connection;
    private WaitingWork _untold;

    /// <summary>Runs until told to stop, and then tells what this process leaves behind.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (!signal.IsListening)
            {
                // Every commit will need the connection; a process that sends by itself may never.
                await TellAsync(stopping).ConfigureAwait(false);
            }

            while (true)
            {
                await pending.WaitAsync(stopping).ConfigureAwait(false);
                await TellAsync(stopping).ConfigureAwait(false);
                await Task.Delay(WakeUpDefaults.NotifyPause, timeProvider, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await TellLastAsync().ConfigureAwait(false);
        }
        finally
        {
            await DropConnectionAsync().ConfigureAwait(false);
        }
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        while (true)
        {
            var isKept = _connection is not null;
            try
            {
                await TellOnceAsync(stopping).ConfigureAwait(false);
                outage.Ended(this);
                pause.Reset();
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                await DropConnectionAsync().ConfigureAwait(false);

                // A connection kept idle may have ended unnoticed: only a new one that fails is an outage.
                if (!isKept)
                {
                    outage.Began(this, exception);
                    await pause.WaitAsync(stopping).ConfigureAwait(false);
                }
            }
        }
    }

    // Others find it by their poll if it fails.
    private async Task TellLastAsync()
    {
        using var timeout = new CancellationTokenSource(WakeUpDefaults.LastNotifyTimeout, timeProvider);
        try
        {
            _untold |= pending.Take();
            if (_untold != WaitingWork.None)
            {
                await TellOnceAsync(timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException or TimeoutException)
        {
        }
    }

    private async Task TellOnceAsync(CancellationToken cancellationToken)
    {
        _connection ??= await connector.OpenAsync(cancellationToken).ConfigureAwait(false);
        _untold |= pending.Take();
        if (_untold != WaitingWork.None)
        {
            await _connection.NotifyAsync(payload.Write(_untold), cancellationToken).ConfigureAwait(false);
            _untold = WaitingWork.None;
        }
    }

    private async ValueTask DropConnectionAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
