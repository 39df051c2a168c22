namespace WebhookKit.Diagnostics;

/// <summary>What a store can say about the database it is kept in.</summary>
public interface IStoreDiagnostics
{
    /// <summary>Finds out how old the oldest transaction or snapshot is that keeps the database from tidying up.</summary>
    /// <remarks>While it lasts, finished work cannot be removed, and every lease has to read past it.</remarks>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its age; zero when there is none, <see langword="null"/> when the database cannot say.</returns>
    ValueTask<TimeSpan?> GetOldestSnapshotAgeAsync(CancellationToken cancellationToken);
}
