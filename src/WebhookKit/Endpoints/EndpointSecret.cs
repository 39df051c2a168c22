namespace WebhookKit;

/// <summary>What may be shown of a stored secret.</summary>
/// <param name="Number">Tells the secrets of one endpoint apart; never used twice.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="ExpiresAt">When it stops signing, or <see langword="null"/>: not before the next rotation.</param>
/// <param name="KeyId">The id of the key that protects it, or <see langword="null"/> where it is kept as plain text.</param>
public sealed record EndpointSecret(int Number, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? KeyId);
