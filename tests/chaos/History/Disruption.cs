using WebhookKit.Chaos.Faults;

namespace WebhookKit.Chaos.History;

/// <summary>A fault as it happened, and what was leased at that moment.</summary>
/// <param name="Fault">What was done.</param>
/// <param name="Node">To whom; null when it struck all of them.</param>
/// <param name="At">When.</param>
/// <param name="Until">From when on the node or the database worked again; <paramref name="At"/> for a kill, which others make good.</param>
/// <param name="Leased">Every delivery leased by anyone.</param>
internal sealed record Disruption(
    Fault Fault, string? Node, DateTimeOffset At, DateTimeOffset Until, IReadOnlyList<LeasedRow> Leased);

/// <summary>A delivery under a lease that still stood.</summary>
internal readonly record struct LeasedRow(Guid DeliveryId, Guid LeaseId);
