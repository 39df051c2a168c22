using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>What one lease of a context has captured, from the publish until the commit is certain.</summary>
/// <remarks>
/// A message whose data is known is two rows in the caller's tracker. A deferred one is its outbox row there; its
/// message row follows in the same transaction once that row, and with it every id, has been saved.
/// </remarks>
internal sealed class MessageCapture(ICurrentDbContext current, IDbContextOptions options) : IResettableService, IDisposable
{
    private readonly CaptureOptionsExtension _application = options.FindExtension<CaptureOptionsExtension>()!;
    private readonly List<CapturedMessage> _messages = [];
    private readonly EntityEvents _events = new();
    private bool _isSaving;

    /// <summary>The transaction we began for the save under way: messages are deferred and the caller has none.</summary>
    public IDbContextTransaction? OwnTransaction { get; set; }

    /// <summary>Whether our transaction is left over from a save that another interceptor refused before it began.</summary>
    public bool IsOwnTransactionStale =>
        OwnTransaction is not null && !_messages.Exists(message => message.IsSaving && IsAccepted(message));

    private DbContext Context => current.Context;

    public static MessageCapture? Of(DbContext? context) =>
        context?.GetService<IDbContextOptions>().FindExtension<CaptureOptionsExtension>() is null
            ? null
            : context.GetService<MessageCapture>();

    public MessageId Add(Func<MessageFactory, WebhookMessage> create)
    {
        Settle();
        return Track(CapturedMessage.FromKnown(create(_application.Messages)));
    }

    public MessageId AddDeferred(PendingWebhook pending)
    {
        Settle();
        return _isSaving && !CallerTransaction.HasTransaction(Context)
            ? throw CaptureErrors.TooLateForTransaction()
            : Track(CapturedMessage.FromDeferred(_application.Ids.NewMessageId(), pending));
    }

    /// <summary>Prepares a save.</summary>
    /// <returns>Whether the save needs a transaction of ours.</returns>
    public bool Prepare()
    {
        _messages.FindAll(message => !IsAccepted(message)).ForEach(message => message.IsSaving = false);
        Settle();
        ThrowIfStranded();
        CaptureEntityEvents();
        foreach (var message in _messages.FindAll(IsUnsaved))
        {
            message.IsSaving = true;
            message.SavedIn = null;
        }

        _isSaving = true;
        if (CallerTransaction.HasTransaction(Context) || !_messages.Exists(message => message.Row is null))
        {
            return false;
        }

        return !Context.Database.CreateExecutionStrategy().RetriesOnFailure ? true : throw CaptureErrors.RetryNeedsTransaction();
    }

    /// <summary>Reads the deferred events, now that the entities have their ids.</summary>
    /// <returns>The message rows to save in the same transaction.</returns>
    public IList<IUpdateEntry> ReadDeferred()
    {
        ThrowIfStranded();
        var deferred = _messages.FindAll(message => message.Row is null && (message.IsSaving || IsAccepted(message)));
        if (!deferred.TrueForAll(IsAccepted))
        {
            CallerTransaction.Doom(Context);
            throw CaptureErrors.NotAccepted();
        }

        if (deferred.Count == 0)
        {
            return [];
        }

        // Saved as entries, not by a second SaveChanges: that would run the caller's overrides and interceptors again.
        Context.AddRange(deferred.Select(message => message.Read(_application.Messages)));
        var tracked = Context.GetService<IUpdateAdapterFactory>().Create();
        var key = Context.Model.FindEntityType(typeof(MessageEntity))!.FindPrimaryKey()!;
        return deferred.ConvertAll(message => tracked.TryGetEntry(key, [message.Row!.Id])!);
    }

    /// <summary>Ties what has been saved to the transaction it was saved in.</summary>
    public void Saved()
    {
        _isSaving = false;
        var outcome = CallerTransaction.GetOutcome(Context);
        foreach (var message in _messages.FindAll(message => message.SavedIn is null && (message.IsSaving || IsAccepted(message))))
        {
            message.IsSaving = false;
            message.SavedIn = outcome;
            outcome.Hint(message.Row!.ToMessage(), _application.Signal);
            if (message.Entity is not null && IsAccepted(message))
            {
                _events.Saved(message.Entity);
            }
        }

        Settle();
    }

    /// <summary>Takes back a save that failed.</summary>
    /// <param name="isRolledBack">Whether it ran in a transaction of ours, which is rolled back.</param>
    public void Failed(bool isRolledBack)
    {
        _isSaving = false;
        var saving = _messages.FindAll(message => message.IsSaving);
        saving.ForEach(message => message.IsSaving = false);
        var accepted = saving.FindAll(IsAccepted);
        if (isRolledBack)
        {
            accepted.ForEach(message => message.IsStranded = true);
        }
        else if (accepted.Exists(message => message.Row is null || EntryOf(message.Row).State == EntityState.Added))
        {
            CallerTransaction.Doom(Context);
            accepted.ForEach(Forget);
        }
        else if (accepted.Count > 0)
        {
            // All is saved: it was an interceptor after the save that failed.
            Saved();
        }
    }

    /// <summary>Lets go of every message whose transaction has ended, or that the caller has cleared from the tracker.</summary>
    public void Settle()
    {
        foreach (var message in _messages.FindAll(message => !message.IsSaving))
        {
            var hasLeft = HasLeft(message.SavedIn);
            if (hasLeft)
            {
                message.SavedIn!.Leave(Context.ContextId);
            }

            if (message.SavedIn is null)
            {
                if (EntryOf(message.Outbox).State == EntityState.Detached)
                {
                    Forget(message);
                }
            }
            else if ((hasLeft || message.SavedIn.Status != TransactionStatus.Active) && !IsUnsaved(message))
            {
                // A row still unsaved here was saved without being accepted: the caller accepts it, or saves it again.
                Forget(message);
                if (message.Entity is not null && message.SavedIn.Status != TransactionStatus.Active)
                {
                    _events.Ended(message.Entity, message.SavedIn.Status);
                }
            }
            else if (message.SavedIn.HasUndoneSavepoint && IsAccepted(message))
            {
                // The database may give the number of a row that is gone again, as SQLite does: EF Core cannot track both.
                Detach(message);
            }
        }
    }

    public void ResetState()
    {
        _messages.ForEach(message => message.SavedIn?.Leave(Context.ContextId));
        _messages.Clear();
        _events.Clear();
        OwnTransaction = null;
        _isSaving = false;
    }

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        ResetState();
        return Task.CompletedTask;
    }

    public void Dispose() => ResetState();

    private void CaptureEntityEvents()
    {
        // A save that captured events and failed: the entities may have changed or gone since.
        _messages.FindAll(message => message.Entity is not null && IsUnsaved(message)).ForEach(Forget);
        foreach (var raised in _events.Find(Context))
        {
            Track(raised.Pending.IsDeferred
                ? CapturedMessage.FromDeferred(_application.Ids.NewMessageId(), raised.Pending, raised)
                : CapturedMessage.FromKnown(raised.Pending.CreateMessage(_application.Messages), raised));
        }
    }

    private MessageId Track(CapturedMessage message)
    {
        if (Context.Model.FindEntityType(typeof(OutboxEntity)) is null)
        {
            throw CaptureErrors.NoTables(Context.GetType());
        }

        Context.Add(message.Outbox);
        if (message.Row is not null)
        {
            Context.Add(message.Row);
        }

        _messages.Add(message);
        return message.Outbox.MessageId;
    }

    private void Forget(CapturedMessage message)
    {
        _messages.Remove(message);
        Detach(message);
    }

    private void Detach(CapturedMessage message)
    {
        EntryOf(message.Outbox).State = EntityState.Detached;
        if (message.Row is not null)
        {
            EntryOf(message.Row).State = EntityState.Detached;
        }
    }

    private bool IsUnsaved(CapturedMessage message) => EntryOf(message.Outbox).State == EntityState.Added;

    private bool IsAccepted(CapturedMessage message) => EntryOf(message.Outbox).State == EntityState.Unchanged;

    // Entry would compare the row with what it was, each time we ask; but nobody changes our rows.
    private EntityEntry EntryOf(object row)
    {
        var tracker = Context.ChangeTracker;
        var isDetecting = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            return Context.Entry(row);
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = isDetecting;
        }
    }

    // Nobody tells of a transaction that is disposed without a commit, or that the caller ends past EF Core.
    private bool HasLeft(TransactionOutcome? outcome) =>
        outcome is { Status: TransactionStatus.Active }
        && (outcome.IsHandedOver || outcome.StartedBy == Context.ContextId)
        && (!CallerTransaction.HasTransaction(Context) || CallerTransaction.GetOutcome(Context) != outcome);

    private void ThrowIfStranded()
    {
        if (_messages.Exists(message => message.IsStranded))
        {
            throw CaptureErrors.Stranded();
        }
    }
}
