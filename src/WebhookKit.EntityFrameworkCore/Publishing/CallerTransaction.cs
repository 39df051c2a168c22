using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>The transaction that a save of a context takes part in: begun on it, handed to it, enlisted or ambient.</summary>
internal static class CallerTransaction
{
    public static bool HasTransaction(DbContext context) =>
        context.Database.CurrentTransaction is not null || GetDistributed(context) is not null;

    /// <summary>The outcome to wait for; without a transaction one of its own, for the save has committed.</summary>
    public static TransactionOutcome GetOutcome(DbContext context)
    {
        if (context.Database.CurrentTransaction is { } transaction)
        {
            return TransactionOutcome.Of(transaction.GetDbTransaction());
        }

        if (GetDistributed(context) is { } distributed)
        {
            return TransactionOutcome.Of(distributed);
        }

        var outcome = new TransactionOutcome();
        outcome.Complete(TransactionStatus.Committed);
        return outcome;
    }

    /// <summary>Sees to it that the transaction cannot commit.</summary>
    public static void Doom(DbContext context)
    {
        if (context.Database.CurrentTransaction is { } transaction)
        {
            TransactionOutcome.Of(transaction.GetDbTransaction()).IsDoomed = true;
        }
        else
        {
            GetDistributed(context)?.Rollback();
        }
    }

    private static Transaction? GetDistributed(DbContext context) =>
        context.Database.GetEnlistedTransaction() ?? Transaction.Current;
}
