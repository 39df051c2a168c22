using WebhookKit.Deliveries;

namespace WebhookKit.Chaos.History;

/// <summary>A change of a delivery's row, as a trigger of the database saw it: only what was committed.</summary>
/// <param name="At">By the database's clock.</param>
/// <param name="DeliveryId">The row.</param>
/// <param name="Writer">The node whose connection made the change.</param>
/// <param name="Before">Null for the row's insertion.</param>
/// <param name="After">What the row became.</param>
/// <param name="CommittedAt">When others could see it.</param>
internal sealed record Transition(
    DateTimeOffset At, Guid DeliveryId, string Writer, RowState? Before, RowState After, DateTimeOffset CommittedAt)
{
    /// <summary>Whether the change gave the row to a new owner.</summary>
    public bool IsGrant => After.LeaseId is not null && After.Leases > (Before?.Leases ?? 0);

    /// <summary>Whether it gave the row away although the owner before had neither completed nor handed it back.</summary>
    public bool IsGrantAfterExpiry => IsGrant && Before?.LeaseId is not null;
}

/// <summary>What a delivery's row says about its owner.</summary>
/// <param name="DueAt">May be leased from this instant: the end of the lease, while there is one.</param>
internal sealed record RowState(DeliveryStatus Status, Guid? LeaseId, DateTimeOffset DueAt, int Attempts, int Leases);
