using WebhookKit.Deliveries;

namespace WebhookKit.Sending;

/// <summary>One attempt, and what the endpoint asked for beside it.</summary>
internal readonly record struct AttemptResult(Attempt Attempt, TimeSpan? RetryAfter);
