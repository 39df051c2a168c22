using Microsoft.EntityFrameworkCore;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>How messages are taken from the outbox, once for each dialect; both begin the caller's transaction.</summary>
/// <remarks>They bound how long it may stand idle; see <see cref="Dialects.IdlePatience"/>.</remarks>
internal interface IOutboxStatements
{
    /// <summary>Takes the first messages that no other node is taking, in the order of their numbers.</summary>
    /// <remarks>Messages with an ordering key are taken by one node at a time, so that no later one is fanned out first.</remarks>
    Task<TakenMessages> TakePendingAsync(DbContext context, int maxMessages, CancellationToken cancellationToken);

    /// <summary>Takes those of the given messages that are there, in the order of their numbers.</summary>
    /// <remarks>Those with an ordering key only while no other node takes such messages. See <see cref="IOutboxStore.FanOutCommittedAsync"/>.</remarks>
    Task<TakenMessages> TakeCommittedAsync(
        DbContext context, IReadOnlyDictionary<MessageId, WebhookMessage> committed, CancellationToken cancellationToken);
}
