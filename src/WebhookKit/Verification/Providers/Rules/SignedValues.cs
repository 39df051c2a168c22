namespace WebhookKit.Verification;

/// <summary>What a request puts into the placeholders of a <see cref="ContentTemplate"/>.</summary>
internal readonly ref struct SignedValues(
    ReadOnlySpan<char> id, ReadOnlySpan<char> timestamp, string method, ReadOnlySpan<char> url, WebhookHeaders headers)
{
    public ReadOnlySpan<char> Id { get; } = id;

    public ReadOnlySpan<char> Timestamp { get; } = timestamp;

    public string Method { get; } = method;

    public ReadOnlySpan<char> Url { get; } = url;

    public WebhookHeaders Headers { get; } = headers;
}
