namespace WebhookKit.Testing;

/// <summary>How a request of <see cref="SignedRequestFactory"/> differs from a plain one.</summary>
public sealed class SignedRequestOptions
{
    /// <summary>The message id.</summary>
    /// <value>Null: a new one.</value>
    public string? Id { get; init; }

    /// <summary>The signed time.</summary>
    /// <value>Null: now, by the factory's clock.</value>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The content type.</summary>
    /// <value><c>application/json</c> unless said otherwise.</value>
    public string ContentType { get; init; } = "application/json";

    /// <summary>What is changed after signing.</summary>
    /// <value>Nothing unless said otherwise.</value>
    public Tampering Tampering { get; init; }
}
