using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>An event that an entity raised, and what was to happen to the entity in the save that captured it.</summary>
internal sealed record EntityEvent(PendingWebhook Pending, WebhookCollection RaisedIn, EntityState RaisedWith);

/// <summary>Finds the events that tracked entities have raised and that are not yet on their way.</summary>
internal sealed class EntityEvents
{
    private const string Annotation = "WebhookKit:HasWebhooks";

    private readonly HashSet<PendingWebhook> _saved = [];
    private readonly Dictionary<PendingWebhook, EntityState> _rolledBack = [];

    public IReadOnlyList<EntityEvent> Find(DbContext context) => AnyIn(context.Model)
        ? [.. from entry in context.ChangeTracker.Entries<IHasWebhooks>()
              from pending in entry.Entity.Webhooks
              where IsWanted(pending, entry.State)
              select new EntityEvent(pending, entry.Entity.Webhooks, entry.State)]
        : [];

    public void Saved(EntityEvent saved) => _saved.Add(saved.Pending);

    /// <summary>The transaction it was saved in has ended: the event is done with, or may be captured again.</summary>
    public void Ended(EntityEvent saved, TransactionStatus status)
    {
        _saved.Remove(saved.Pending);
        if (status == TransactionStatus.Committed)
        {
            saved.RaisedIn.Remove(saved.Pending);
            _rolledBack.Remove(saved.Pending);
        }
        else
        {
            _rolledBack[saved.Pending] = saved.RaisedWith;
        }
    }

    public void Clear()
    {
        _saved.Clear();
        _rolledBack.Clear();
    }

    // An event shares the fate of the change it was raised with: EF does not save a rolled-back insert again by itself,
    // and a message about a row that is not there would be a phantom.
    private bool IsWanted(PendingWebhook pending, EntityState state) =>
        !_saved.Contains(pending)
        && (state != EntityState.Unchanged || _rolledBack.GetValueOrDefault(pending, EntityState.Unchanged) == EntityState.Unchanged);

    private static bool AnyIn(IModel model) => model.GetOrAddRuntimeAnnotationValue(
        Annotation,
        static model => model!.GetEntityTypes().Any(type => type.ClrType.IsAssignableTo(typeof(IHasWebhooks))),
        model);
}
