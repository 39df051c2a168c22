using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Flow;

/// <param name="Shape">What the messages look like.</param>
/// <param name="PerSave">How many messages share a save.</param>
/// <param name="Writers">How many save at once, on each publishing node.</param>
/// <param name="Nodes">How many nodes dispatch.</param>
/// <param name="IsApart">Whether a node that does not dispatch publishes, instead of each dispatching one.</param>
/// <param name="IsNotifying">Whether nodes wake each other through PostgreSQL.</param>
/// <param name="Hanging">How many endpoints never answer, beside those of the shape.</param>
internal sealed record FlowSettings(MessageShape Shape, int PerSave, int Writers, int Nodes, bool IsApart, bool IsNotifying = false, int Hanging = 0);
