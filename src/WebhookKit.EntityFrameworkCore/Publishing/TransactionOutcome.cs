using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>What becomes of a transaction in which messages were saved; shared by every context that takes part in it.</summary>
internal sealed class TransactionOutcome
{
    private static readonly ConditionalWeakTable<object, TransactionOutcome> Known = [];

    private readonly Lock _lock = new();
    private readonly List<(DispatchSignal Signal, WebhookMessage Message)> _hints = [];

    public TransactionStatus Status { get; private set; }

    /// <summary>The lease of the context that began it: the only one that can tell when it ended without a word.</summary>
    public DbContextId? StartedBy { get; set; }

    /// <summary>Rows were saved in it whose message is missing.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>Starts anew: a provider may give one object for every transaction of a connection, as Npgsql does.</summary>
    public static TransactionOutcome Begin(DbTransaction transaction)
    {
        var outcome = new TransactionOutcome();
        Known.AddOrUpdate(transaction, outcome);
        return outcome;
    }

    public static TransactionOutcome Of(DbTransaction transaction) => Known.GetOrCreateValue(transaction);

    public static TransactionOutcome Of(Transaction transaction) => Known.GetValue(transaction, static key =>
    {
        var outcome = new TransactionOutcome();
        ((Transaction)key).TransactionCompleted += (_, completed) =>
            outcome.Complete(completed.Transaction!.TransactionInformation.Status);
        return outcome;
    });

    /// <summary>Hands the message to the dispatcher once the commit is certain.</summary>
    public void Hint(WebhookMessage message, DispatchSignal signal)
    {
        lock (_lock)
        {
            if (Status == TransactionStatus.Active)
            {
                _hints.Add((signal, message));
                return;
            }
        }

        if (Status == TransactionStatus.Committed)
        {
            signal.Committed([message]);
        }
    }

    public void Complete(TransactionStatus status)
    {
        lock (_lock)
        {
            if (Status != TransactionStatus.Active)
            {
                return;
            }

            Status = status;
        }

        if (status == TransactionStatus.Committed)
        {
            foreach (var ofHost in _hints.GroupBy(hint => hint.Signal, hint => hint.Message))
            {
                ofHost.Key.Committed([.. ofHost]);
            }
        }

        _hints.Clear();
    }
}
