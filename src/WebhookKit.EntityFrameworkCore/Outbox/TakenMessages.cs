namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>What one transaction took from the outbox.</summary>
/// <param name="Now">The time of the transaction; not told where nothing was taken.</param>
/// <param name="Rows">The messages, in the order of their numbers.</param>
internal readonly record struct TakenMessages(DateTimeOffset Now, IReadOnlyList<TakenMessage> Rows);
