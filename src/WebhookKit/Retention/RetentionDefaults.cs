namespace WebhookKit.Retention;

/// <summary>The figures of retention.</summary>
internal static class RetentionDefaults
{
    /// <summary>The largest <see cref="RetentionOptions.BatchSize"/>: more would hold locks for long and exceed some databases' parameters.</summary>
    public const int MaxBatchSize = 2_000;

    /// <summary>How much longer the store rests after a batch than the batch took: a tenth of the time is work.</summary>
    public const int RestPerWork = 9;

    public static readonly TimeSpan Finished = TimeSpan.FromDays(30);

    public static readonly TimeSpan KeptForAPerson = TimeSpan.FromDays(90);

    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);
}
