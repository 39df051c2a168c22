using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>The slots of a lease, counted from its answer on: a commit that took long has made them late ones.</summary>
internal static class LeasedSlots
{
    /// <param name="delivery">Leased, its slot counted from when the database told the time.</param>
    /// <param name="passed">How long ago that was when the lease was committed: the same for all of an endpoint, or their distances change.</param>
    public static LeasedDelivery After(this LeasedDelivery delivery, TimeSpan passed) =>
        delivery.StartsIn is { } startsIn ? delivery with { StartsIn = startsIn - passed } : delivery;
}
