namespace WebhookKit;

/// <summary>An idempotency key was used again for another event type, data or raw payload; nothing was stored.</summary>
public sealed class IdempotencyKeyReusedException : WebhookException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="idempotencyKey">The key.</param>
    /// <param name="firstMessageId">The message that the key belongs to.</param>
    public IdempotencyKeyReusedException(string idempotencyKey, MessageId firstMessageId)
        : base($"The idempotency key '{idempotencyKey}' belongs to {firstMessageId}, which has another event type, data or raw payload. "
            + "Use a key that names the event, for example 'order-42-paid'.")
    {
        IdempotencyKey = idempotencyKey;
        FirstMessageId = firstMessageId;
    }

    /// <summary>The key.</summary>
    public string IdempotencyKey { get; }

    /// <summary>The message that the key belongs to.</summary>
    public MessageId FirstMessageId { get; }
}
