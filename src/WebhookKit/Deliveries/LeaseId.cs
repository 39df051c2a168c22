namespace WebhookKit.Deliveries;

/// <summary>The fencing id of a lease: only its holder may complete what was leased with it.</summary>
/// <param name="Value">The UUID, version 7.</param>
public readonly record struct LeaseId(Guid Value);
