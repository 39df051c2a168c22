using Microsoft.EntityFrameworkCore;
using WebhookKit.Idempotency;

namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>What a handler's transaction writes beside the handler's own rows, so that of all runs one commits.</summary>
internal interface IHandledEvent
{
    /// <summary>Takes the event, before the handler runs.</summary>
    /// <returns><see cref="HandlingResult.None"/> to go on; anything else is the result, and nothing is committed.</returns>
    Task<HandlingResult> BeginAsync(DbContext context, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes sure that the event is still the handler's own, after its rows are written.</summary>
    /// <param name="context">Is in the transaction.</param>
    /// <param name="now">By the database's clock.</param>
    /// <param name="hasJustWritten">Whether the transaction has just shown that it takes rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see cref="HandlingResult.None"/> to commit; anything else is the result, and nothing is committed.</returns>
    Task<HandlingResult> EndAsync(DbContext context, DateTimeOffset now, bool hasJustWritten, CancellationToken cancellationToken);

    /// <summary>Finds out whether a commit whose answer was lost has happened.</summary>
    Task<bool> IsCommittedAsync(DbContext context, CancellationToken cancellationToken);
}
