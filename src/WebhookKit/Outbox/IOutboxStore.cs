using WebhookKit.Publishing;
using WebhookKit.Rendering;

namespace WebhookKit.Outbox;

/// <summary>Keeps messages and the outbox of those not yet fanned out.</summary>
/// <remarks>
/// A message row is written once and never rewritten but to be erased. Every method is one short transaction of its own and safe to
/// call from any number of nodes at once.
/// </remarks>
public interface IOutboxStore
{
    /// <summary>Stores messages durably, all or none.</summary>
    /// <returns>
    /// For each message the id that stands for it: its own, or the first message's where the tenant has used the
    /// idempotency key within 7 days; that message is then not stored.
    /// </returns>
    /// <exception cref="IdempotencyKeyReusedException">
    /// A key belongs to a message with another event type or <see cref="EventHash"/>; nothing is stored.
    /// </exception>
    ValueTask<IReadOnlyList<MessageId>> AppendAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken);

    /// <summary>Takes messages from the outbox, oldest first, and makes the deliveries that the planner names.</summary>
    /// <remarks>
    /// Taking a message and making its deliveries commit together; a large batch may be several transactions. A
    /// message whose (tenant, idempotency key) an earlier message has within 7 days is taken, gets that message's id
    /// as <c>duplicate of</c>, and is not shown to the planner. "Oldest" goes by the order in which messages were
    /// stored: one published after another one's commit comes after it, and messages with an ordering key are fanned
    /// out in that order whichever nodes take them.
    /// </remarks>
    /// <param name="maxMessages">At most so many are taken.</param>
    /// <param name="planner">Matches what was taken with endpoints.</param>
    /// <param name="cancellationToken">Gives up; nothing is taken.</param>
    ValueTask<FanOutResult> FanOutPendingAsync(int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken);

    /// <summary>
    /// Does the same for messages that this process believes it has just committed, or has found in the outbox; those that are
    /// not there (rolled back, taken by another node) are left out.
    /// </summary>
    /// <remarks>
    /// What was published before a message with an ordering key may still be in the outbox, and only
    /// <see cref="FanOutPendingAsync"/> sees that. One is given only by who has been shown it from there, in its order and with all
    /// that came before it with its key either given too or taken since. It may be left out while another node takes such messages.
    /// </remarks>
    ValueTask<FanOutResult> FanOutCommittedAsync(
        IReadOnlyList<WebhookMessage> messages, FanOutPlanner planner, CancellationToken cancellationToken);

    /// <summary>Reads messages by id in one go, each payload once; ids that do not exist and messages that were erased are left out.</summary>
    ValueTask<IReadOnlyList<WebhookMessage>> GetMessagesAsync(IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken);

    /// <summary>Reads the renderings of messages in one go; none of messages that do not exist or were erased.</summary>
    ValueTask<IReadOnlyList<MessageRendering>> GetRenderingsAsync(
        IReadOnlyCollection<MessageId> messageIds, CancellationToken cancellationToken);

    /// <summary>
    /// Stores renderings that fan-out could not make. One that the message has in that format already stays; one of a message
    /// that does not exist or was erased is left out.
    /// </summary>
    ValueTask AddRenderingsAsync(IReadOnlyList<MessageRendering> renderings, CancellationToken cancellationToken);

    /// <summary>Finds the message that another one duplicates by its idempotency key; <see langword="null"/> when it is no duplicate.</summary>
    ValueTask<MessageId?> GetDuplicateOfAsync(MessageId id, CancellationToken cancellationToken);
}
