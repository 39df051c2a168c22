namespace WebhookKit.Signing;

/// <summary>What a signature covers.</summary>
/// <param name="Id">The message id, the same on every attempt.</param>
/// <param name="Timestamp">When this attempt is made; signed in whole seconds.</param>
/// <param name="Payload">The exact bytes that are sent.</param>
public readonly record struct SigningRequest(string Id, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Payload);
