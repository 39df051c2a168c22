using WebhookKit.Deliveries;

namespace WebhookKit.Sending;

/// <summary>What one HTTP exchange came to.</summary>
internal readonly record struct Exchange(
    AttemptOutcome Outcome,
    string? Error = null,
    int? StatusCode = null,
    ReadOnlyMemory<byte> Response = default,
    TimeSpan? RetryAfter = null);
