using WebhookKit.LoadTest.Reporting;

namespace WebhookKit.LoadTest.Beside;

/// <summary>What one run came to.</summary>
/// <param name="Quiet">The host's saves while there is nothing to deliver.</param>
/// <param name="Draining">The host's saves while the dispatcher drains as fast as it can.</param>
/// <param name="DeliveredBeside">Deliveries each second meanwhile.</param>
/// <param name="DeliveredAlone">Deliveries each second while the host saves nothing.</param>
internal sealed record BesideResult(SaveTimes Quiet, SaveTimes Draining, double DeliveredBeside, double DeliveredAlone)
{
    public object Rounded() => new
    {
        Quiet = new { P50Ms = Median.Round(Quiet.P50Ms), P99Ms = Median.Round(Quiet.P99Ms), MaxMs = Median.Round(Quiet.MaxMs) },
        Draining = new { P50Ms = Median.Round(Draining.P50Ms), P99Ms = Median.Round(Draining.P99Ms), MaxMs = Median.Round(Draining.MaxMs) },
        DeliveredBeside = Median.Round(DeliveredBeside),
        DeliveredAlone = Median.Round(DeliveredAlone),
    };
}
