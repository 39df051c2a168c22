using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Finds the events that tracked entities have raised and that are not yet on their way.</summary>
internal sealed class EntityEvents
{
    private const string Annotation = "WebhookKit:HasWebhooks";

    private readonly HashSet<PendingWebhook> _saved = [];
    private readonly Dictionary<PendingWebhook, EntityState> _rolledBack = [];

    public IReadOnlyList<(PendingWebhook Pending, EntityEntry<IHasWebhooks> Entry)> Find(DbContext context) =>
        AnyIn(context.Model)
            ? [.. from entry in context.ChangeTracker.Entries<IHasWebhooks>()
                  from pending in entry.Entity.Webhooks
                  where IsWanted(pending, entry.State)
                  select (pending, entry)]
            : [];

    public void Saved(PendingWebhook pending) => _saved.Add(pending);

    /// <summary>The transaction of a saved message has ended: its event is done with, or may be captured again.</summary>
    public void Ended(CapturedMessage message)
    {
        if (message.RaisedIn is null)
        {
            return;
        }

        _saved.Remove(message.Pending!);
        if (message.SavedIn!.Status == TransactionStatus.Committed)
        {
            message.RaisedIn.Remove(message.Pending!);
            _rolledBack.Remove(message.Pending!);
        }
        else
        {
            _rolledBack[message.Pending!] = message.RaisedWith;
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
