namespace WebhookKit.Erasure;

/// <summary>What one batch erased.</summary>
/// <param name="Erased">How much.</param>
/// <param name="HasMore">Whether another batch may find more.</param>
public readonly record struct ErasureBatch(ErasureProgress Erased, bool HasMore);
