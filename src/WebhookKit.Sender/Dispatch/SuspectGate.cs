using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>Lets one at a time of the deliveries begin that may be what ended the process again and again. Thread-safe.</summary>
/// <remarks>Those leased together with a payload that ends the process would otherwise be abandoned together with it.</remarks>
internal sealed class SuspectGate(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private (DeliveryId Id, LeaseClock Lease)? _inside;

    /// <summary>Lets one in, if nobody is inside.</summary>
    /// <returns>The others, to be handed back before anything begins.</returns>
    public IReadOnlyList<LeasedDelivery> TurnAway(IReadOnlyList<LeasedDelivery> leased, LeaseClock lease) =>
        [.. leased.Where(delivery => IsSuspect(delivery) && !TryEnter(delivery, lease))];

    /// <summary>Lets the next one in once this one's outcome is written; what never was inside does not matter.</summary>
    public void Leave(LeasedDelivery delivery)
    {
        lock (_gate)
        {
            _inside = _inside?.Id == delivery.Id ? null : _inside;
        }
    }

    private bool TryEnter(LeasedDelivery delivery, LeaseClock lease)
    {
        lock (_gate)
        {
            if (_inside?.Lease.Remaining(timeProvider) > TimeSpan.Zero)
            {
                return false;
            }

            _inside = (delivery.Id, lease);
            return true;
        }
    }

    private static bool IsSuspect(LeasedDelivery delivery) =>
        delivery.Leases is > SenderDefaults.MaxLeasesTogether and <= SenderDefaults.MaxLeases;
}
