namespace WebhookKit;

/// <summary>A verified event with its data bound to a type.</summary>
/// <typeparam name="T">What the member at <see cref="Verification.WebhookProvider.DataPointer"/> is bound to.</typeparam>
public sealed class ReceivedWebhook<T> : ReceivedWebhook
{
    /// <summary>The event's data.</summary>
    public required T Data { get; init; }
}
