namespace WebhookKit.Retention;

/// <summary>What one batch of a walk through the store deleted.</summary>
/// <typeparam name="TId">The id that the walk is ordered by.</typeparam>
/// <param name="Deleted">How many were deleted; none where everything the batch looked at is still needed.</param>
/// <param name="Next">Behind which id the next batch goes on; <see langword="null"/> when the walk has ended.</param>
public readonly record struct RetentionBatch<TId>(int Deleted, TId? Next)
    where TId : struct;
