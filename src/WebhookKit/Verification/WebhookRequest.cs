namespace WebhookKit.Verification;

/// <summary>A request as it was received, independent of any web framework.</summary>
/// <param name="method">The HTTP method.</param>
/// <param name="url">The URL the sender called, or null when no verifier in use signs it.</param>
/// <param name="headers">The headers.</param>
/// <param name="body">The exact bytes of the body, before any parsing or decompression.</param>
public readonly struct WebhookRequest(string method, string? url, WebhookHeaders headers, ReadOnlyMemory<byte> body)
{
    /// <summary>The HTTP method.</summary>
    public string Method { get; } = method;

    /// <summary>The URL the sender called, where it is known.</summary>
    public string? Url { get; } = url;

    /// <summary>The headers.</summary>
    public WebhookHeaders Headers { get; } = headers;

    /// <summary>The exact bytes of the body.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;
}
