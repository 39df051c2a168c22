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
    private bool _isDistributed;

    public TransactionStatus Status { get; private set; }

    /// <summary>The lease of the context that began it: the only one that can tell when it ended without a word.</summary>
    public DbContextId? StartedBy { get; private set; }

    /// <summary>The caller began it and may end it past EF Core, heard by no one.</summary>
    public bool IsHandedOver => StartedBy is null && !_isDistributed;

    /// <summary>Rows were saved in it whose message is missing.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>A savepoint was undone in it, and with it any of the rows saved so far: EF Core does not tell which one.</summary>
    public bool HasUndoneSavepoint { get; set; }

    /// <summary>Starts anew: a provider may give one object for every transaction of a connection, as Npgsql does.</summary>
    public static TransactionOutcome Begin(DbTransaction transaction, DbContextId? startedBy = null)
    {
        var outcome = new TransactionOutcome { StartedBy = startedBy };
        Known.AddOrUpdate(transaction, outcome);
        return outcome;
    }

    public static TransactionOutcome Of(DbTransaction transaction) => Known.GetOrCreateValue(transaction);

    public static TransactionOutcome Of(Transaction transaction) => Known.GetValue(transaction, static key =>
    {
        var outcome = new TransactionOutcome { _isDistributed = true };
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

    /// <summary>A context takes part in it no longer.</summary>
    public void Leave(DbContextId context)
    {
        if (StartedBy?.InstanceId == context.InstanceId)
        {
            // Disposed without a commit, of which EF Core tells nobody.
            Complete(TransactionStatus.Aborted);
        }
        else if (IsHandedOver)
        {
            // Whatever has been committed is found by the dispatcher's poll.
            lock (_lock)
            {
                if (Status == TransactionStatus.Active)
                {
                    _hints.Clear();
                }
            }
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
