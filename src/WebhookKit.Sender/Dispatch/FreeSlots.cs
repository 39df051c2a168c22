using WebhookKit.Deliveries;

namespace WebhookKit.Dispatch;

/// <summary>Shares the free slots out within one step, before they are taken.</summary>
/// <remarks>Only the dispatch loop takes slots, so that what was free at the beginning still is.</remarks>
internal sealed class FreeSlots
{
    private readonly Dictionary<EndpointId, int> _promised = [];
    private readonly DispatchSlots _slots;
    private SlotCounts _free;

    public FreeSlots(DispatchSlots slots, int most = int.MaxValue)
    {
        _slots = slots;
        _free = slots.Free;
        _free = _free with { All = Math.Min(_free.All, most) };
    }

    /// <summary>Whether any are left.</summary>
    public bool Any => _free.All > 0;

    /// <summary>What the endpoint may still give.</summary>
    public LeaseBudget GetBudget(EndpointId id) =>
        _slots.GetBudget(id, _promised.GetValueOrDefault(id), _free);

    /// <summary>Counts slots of the endpoint as no longer free.</summary>
    public void Promise(EndpointId id, int count)
    {
        _promised[id] = _promised.GetValueOrDefault(id) + count;
        _free = _free.Plus(-count, _slots.GetPace(id));
    }
}
