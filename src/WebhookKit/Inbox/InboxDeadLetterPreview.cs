namespace WebhookKit;

/// <summary>What handling again, or discarding, would be about.</summary>
/// <param name="Count">How many dead letters.</param>
/// <param name="Selection">The selection with its <see cref="InboxDeadLetterSelection.Until"/>: what is dead-lettered later is not part of it.</param>
public sealed record InboxDeadLetterPreview(int Count, InboxDeadLetterSelection Selection);
