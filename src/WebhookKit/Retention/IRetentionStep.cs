namespace WebhookKit.Retention;

/// <summary>One kind of rows that a retention run deletes; each role registers those it is responsible for.</summary>
public interface IRetentionStep
{
    /// <summary>What it deletes, for logs.</summary>
    string Name { get; }

    /// <summary>Deletes batch by batch, from the oldest on, and gives how many rows each batch deleted.</summary>
    /// <remarks>The caller rests between two batches, and may stop after any of them.</remarks>
    IAsyncEnumerable<int> RunAsync(CancellationToken cancellationToken);
}
