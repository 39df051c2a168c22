using System.Transactions;
using Microsoft.EntityFrameworkCore;
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
internal sealed class MessageCapture(ICurrentDbContext current, IDbContextOptions options) : IResettableService
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
        RequireTables();
        Settle();
        return TrackKnown(create(_application.Messages), origin: null);
    }

    public MessageId AddDeferred(PendingWebhook pending)
    {
        RequireTables();
        Settle();
        if (_isSaving && !CallerTransaction.HasTransaction(Context))
        {
            throw new WebhookException(
                "A deferred event, PublishWebhook(() => …), inside SaveChanges comes too late to begin a transaction. Begin one before SaveChanges, "
                + "or publish data that is known: PublishWebhook(data).");
        }

        return TrackDeferred(pending, origin: null);
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

        return !Context.Database.CreateExecutionStrategy().RetriesOnFailure ? true : throw new WebhookException(
            "A deferred event, PublishWebhook(() => …), needs a transaction, and under a retrying execution strategy only the caller can repeat one. "
            + "Save inside Database.CreateExecutionStrategy().ExecuteAsync(…) with Database.BeginTransactionAsync() in it, "
            + "or publish data that is known: PublishWebhook(data).");
    }

    /// <summary>Reads the deferred events, now that the entities have their ids.</summary>
    /// <returns>The message rows to save in the same transaction.</returns>
    public List<IUpdateEntry> ReadDeferred()
    {
        ThrowIfStranded();
        var deferred = _messages.FindAll(message => message.Row is null && (message.IsSaving || IsAccepted(message)));
        if (!deferred.TrueForAll(IsAccepted))
        {
            CallerTransaction.Doom(Context);
            throw new WebhookException(
                "A deferred event, PublishWebhook(() => …), needs SaveChanges to accept its changes: with acceptAllChangesOnSuccess: false, or when the "
                + "save is suppressed, generated ids do not reach the entities. Let it accept, or publish data that is known: "
                + "PublishWebhook(data).");
        }

        if (deferred.Count == 0)
        {
            return [];
        }

        foreach (var captured in deferred)
        {
            var message = captured.Pending!.CreateMessage(_application.Messages) with { Id = captured.Outbox.MessageId };
            captured.Row = MessageEntity.From(message);
            Context.Add(captured.Row);
        }

        // Saved as entries, not by a second SaveChanges: that would run the caller's overrides and interceptors again.
        var tracked = Context.GetService<IUpdateAdapterFactory>().Create();
        var key = Context.Model.FindEntityType(typeof(MessageEntity))!.FindPrimaryKey()!;
        return deferred.ConvertAll(captured => tracked.TryGetEntry(key, [captured.Row!.Id])!);
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
            if (message.RaisedIn is not null && IsAccepted(message))
            {
                _events.Saved(message.Pending!);
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
        else if (accepted.Exists(message => message.Row is null || Context.Entry(message.Row).State == EntityState.Added))
        {
            CallerTransaction.Doom(Context);
            accepted.ForEach(Forget);
        }
        else if (accepted.Count > 0)
        {
            Saved();
        }
    }

    /// <summary>Lets go of every message whose transaction has ended, or that the caller has cleared from the tracker.</summary>
    public void Settle()
    {
        foreach (var message in _messages.FindAll(message => !message.IsSaving))
        {
            NoticeSilentEnd(message.SavedIn);
            if (message.SavedIn is null)
            {
                if (Context.Entry(message.Outbox).State == EntityState.Detached)
                {
                    Forget(message);
                }
            }
            else if (message.SavedIn.Status != TransactionStatus.Active && !IsUnsaved(message))
            {
                // A row still unsaved here was saved without being accepted: the caller accepts it, or saves it again.
                Forget(message);
                _events.Ended(message);
            }
        }
    }

    public void ResetState()
    {
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

    private void CaptureEntityEvents()
    {
        // A save that captured events and failed: the entities may have changed or gone since.
        _messages.FindAll(message => message.RaisedIn is not null && IsUnsaved(message)).ForEach(Forget);
        foreach (var (pending, entry) in _events.Find(Context))
        {
            RequireTables();
            var origin = (pending, entry.Entity.Webhooks, entry.State);
            _ = pending.IsDeferred ? TrackDeferred(pending, origin) : TrackKnown(pending.CreateMessage(_application.Messages), origin);
        }
    }

    private MessageId TrackKnown(WebhookMessage message, (PendingWebhook Pending, WebhookCollection RaisedIn, EntityState RaisedWith)? origin)
    {
        var captured = new CapturedMessage
        {
            Outbox = OutboxEntity.From(message),
            Row = MessageEntity.From(message),
            Pending = origin?.Pending,
            RaisedIn = origin?.RaisedIn,
            RaisedWith = origin?.RaisedWith ?? EntityState.Detached,
        };
        Context.Add(captured.Row);
        return Track(captured);
    }

    private MessageId TrackDeferred(PendingWebhook pending, (PendingWebhook Pending, WebhookCollection RaisedIn, EntityState RaisedWith)? origin) =>
        Track(new CapturedMessage
        {
            Outbox = new OutboxEntity { MessageId = _application.Ids.NewMessageId(), TenantId = pending.Options.TenantId },
            Pending = pending,
            RaisedIn = origin?.RaisedIn,
            RaisedWith = origin?.RaisedWith ?? EntityState.Detached,
        });

    private MessageId Track(CapturedMessage message)
    {
        Context.Add(message.Outbox);
        _messages.Add(message);
        return message.Outbox.MessageId;
    }

    private void Forget(CapturedMessage message)
    {
        _messages.Remove(message);
        Context.Entry(message.Outbox).State = EntityState.Detached;
        if (message.Row is not null)
        {
            Context.Entry(message.Row).State = EntityState.Detached;
        }
    }

    private bool IsUnsaved(CapturedMessage message) => Context.Entry(message.Outbox).State == EntityState.Added;

    private bool IsAccepted(CapturedMessage message) => Context.Entry(message.Outbox).State == EntityState.Unchanged;

    // A transaction that is disposed without a commit tells nobody.
    private void NoticeSilentEnd(TransactionOutcome? outcome)
    {
        if (outcome?.StartedBy == Context.ContextId && (!CallerTransaction.HasTransaction(Context) || CallerTransaction.GetOutcome(Context) != outcome))
        {
            outcome.Complete(TransactionStatus.Aborted);
        }
    }

    private void RequireTables()
    {
        if (Context.Model.FindEntityType(typeof(OutboxEntity)) is null)
        {
            throw new WebhookException(
                $"'{Context.GetType()}' has no tables for messages. Call model.AddWebhooks() in its OnModelCreating; where another "
                + "context owns the tables, model.AddWebhooks(w => w.ExcludeFromMigrations()).");
        }
    }

    private void ThrowIfStranded()
    {
        if (_messages.Exists(message => message.IsStranded))
        {
            throw new WebhookException(
                "An earlier SaveChanges on this context was rolled back after EF Core had accepted its changes, because a deferred "
                + "message could not be saved or the commit failed. Call ChangeTracker.Clear() or take a new context, and make the changes again.");
        }
    }
}
