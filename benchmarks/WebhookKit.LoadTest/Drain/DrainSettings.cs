using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Drain;

/// <param name="Messages">How many messages are drained.</param>
/// <param name="Shape">What they look like.</param>
/// <param name="ReceiverLatency">How long the receiver takes for each, in milliseconds.</param>
/// <param name="MaxInFlight">The most attempts at once.</param>
internal sealed record DrainSettings(int Messages, MessageShape Shape, int ReceiverLatency, int MaxInFlight)
{
    /// <summary>The messages of one turn of the warm-up.</summary>
    public int WarmUp => Math.Clamp(Messages / 10, 100, 5_000);

    /// <summary>How long the receiver may hear nothing new before the run is given up.</summary>
    public TimeSpan Quiet => TimeSpan.FromSeconds(30) + TimeSpan.FromMilliseconds(ReceiverLatency);
}
