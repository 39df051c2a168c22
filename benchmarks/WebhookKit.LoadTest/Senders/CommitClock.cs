using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using WebhookKit.LoadTest.Databases;

namespace WebhookKit.LoadTest.Senders;

/// <summary>Notes when a context's transaction is about to commit: what it publishes cannot be seen before.</summary>
internal sealed class CommitClock : DbTransactionInterceptor
{
    public static CommitClock Instance { get; } = new();

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is LoadDb db)
        {
            db.CommittingAt = Stopwatch.GetTimestamp();
        }

        return ValueTask.FromResult(result);
    }
}
