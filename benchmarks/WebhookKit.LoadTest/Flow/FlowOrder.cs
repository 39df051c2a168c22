namespace WebhookKit.LoadTest.Flow;

/// <summary>What a node is asked to publish.</summary>
/// <param name="Messages">How many messages.</param>
/// <param name="PerSave">How many of them share a save, and with it a tenant.</param>
/// <param name="Writers">How many save at once.</param>
/// <param name="MessagesPerSecond">How fast at most; null is as fast as it goes.</param>
/// <param name="CommitFile">Where the ids and the instants of their commits are written.</param>
internal sealed record FlowOrder(int Messages, int PerSave, int Writers, double? MessagesPerSecond, string CommitFile);
