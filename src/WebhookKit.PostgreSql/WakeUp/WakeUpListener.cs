using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Hears what other processes tell, over one connection for as long as it lives, and then over the next.</summary>
internal sealed class WakeUpListener(
    WakeUpConnector connector, WakeUpPayload payload, FoldedWake wake, ReconnectPause pause, WakeUpOutage outage)
{
    /// <summary>Runs until told to stop, and ends then with an <see cref="OperationCanceledException"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await ListenAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                outage.Began(this, exception);
                await pause.WaitAsync(stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        var connection = await connector.OpenAsync(stopping).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await connection.ListenAsync(text => wake.Add(payload.Read(text)), stopping).ConfigureAwait(false);
            outage.Ended(this);
            pause.Reset();

            // What was told while nobody listened is gone.
            wake.Add(WaitingWork.Messages | WaitingWork.Deliveries);
            while (true)
            {
                await connection.WaitAsync(stopping).ConfigureAwait(false);
            }
        }
    }
}
