using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Outbox;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Applies outcomes to the state of their endpoints, and stores the messages that tell of it.</summary>
internal static class CompletionNews
{
    /// <summary>Changes the rows as the outcomes say.</summary>
    /// <param name="states">The states as they are, which nobody else may change meanwhile.</param>
    /// <param name="health">What the batch says; endpoints without a state are left out.</param>
    /// <param name="now">By the store's clock.</param>
    /// <param name="changed">Gets the rows that are to be written.</param>
    public static List<EndpointTransition> Apply(
        IEnumerable<EndpointStateEntity> states, IEnumerable<EndpointHealth> health, DateTimeOffset now, List<EndpointStateEntity> changed)
    {
        var rows = states.ToDictionary(state => state.EndpointId);
        var transitions = new List<EndpointTransition>();
        foreach (var change in health)
        {
            if (!rows.TryGetValue(change.EndpointId, out var row))
            {
                continue;
            }

            var before = row.ToState();
            var transition = EndpointHealthRules.Apply(before, row.Status, change, now);
            if (transition.DisableBecause is null && transition.State == before)
            {
                continue;
            }

            row.Take(transition);
            changed.Add(row);
            if (transition.Change != EndpointHealthChange.None)
            {
                transitions.Add(transition);
            }
        }

        return transitions;
    }

    /// <summary>Stores what the planner makes of the changes; part of the caller's transaction.</summary>
    public static async Task TellAsync(
        DbContext context,
        OperationalPlanner? planner,
        IReadOnlyList<EndpointTransition> transitions,
        IEnumerable<DeliveryCompletion> owned,
        CancellationToken cancellationToken)
    {
        if (planner is null)
        {
            return;
        }

        DeliveryCompletion[] deadLettered = [.. owned.Where(completion => completion.Status == DeliveryStatus.DeadLettered)];
        if (transitions.Count > 0 || deadLettered.Length > 0)
        {
            var messages = planner(transitions, deadLettered);
            await context.InsertRowsAsync(messages.Select(MessageEntity.From).ToArray(), cancellationToken).ConfigureAwait(false);
            await context.InsertRowsAsync(messages.Select(OutboxEntity.From).ToArray(), cancellationToken).ConfigureAwait(false);
        }
    }
}
