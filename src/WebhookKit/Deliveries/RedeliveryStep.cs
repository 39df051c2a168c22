namespace WebhookKit.Deliveries;

/// <summary>What one call of <see cref="IRedeliveryStore.ContinueAsync"/> came to.</summary>
/// <param name="Count">How many deliveries it has made pending.</param>
/// <param name="NextIn">How long until a redelivery may go on; <see langword="null"/> when none is left.</param>
public readonly record struct RedeliveryStep(int Count, TimeSpan? NextIn);
