using WebhookKit.Handshakes;

namespace WebhookKit.Cli.Listening;

/// <summary>What the provider's receiver would say.</summary>
/// <param name="IsAccepted">Whether it would take the request.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Answer">The answer of a handshake; null for an event.</param>
internal sealed record Verdict(bool IsAccepted, string Reason, HandshakeResponse? Answer = null);
