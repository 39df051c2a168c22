namespace WebhookKit;

/// <summary>What a redelivery would send.</summary>
/// <param name="Count">How many deliveries, those included whose attempt is under way and may yet succeed.</param>
/// <param name="Selection">The selection with its <see cref="RedeliverySelection.Until"/>: what ends later is not part of it.</param>
public sealed record RedeliveryPreview(int Count, RedeliverySelection Selection);
