namespace WebhookKit;

/// <summary>What a redelivery would send.</summary>
/// <param name="Count">How many deliveries.</param>
/// <param name="Selection">The selection with its <see cref="RedeliverySelection.Until"/>: what ends later is not part of it.</param>
public sealed record RedeliveryPreview(int Count, RedeliverySelection Selection);
