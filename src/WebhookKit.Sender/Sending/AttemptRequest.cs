using System.Net;

namespace WebhookKit.Sending;

/// <summary>The request of an attempt, before it is signed.</summary>
internal static class AttemptRequest
{
    public static readonly string UserAgent = $"WebhookKit/{typeof(AttemptRequest).Assembly.GetName().Version?.ToString(3)}";

    /// <param name="url">Where to.</param>
    /// <param name="certified">The connections with the endpoint's client certificate; null where it has none.</param>
    /// <param name="message">What.</param>
    /// <param name="sendTraceContext">Whether the trace of the publishing operation is sent along.</param>
    public static HttpRequestMessage Create(Uri url, HttpMessageInvoker? certified, WebhookMessage message, bool sendTraceContext)
    {
        var request = certified is null ? new HttpRequestMessage(HttpMethod.Post, url) : new CertifiedRequest(url, certified);

        // Never HTTP/3: its connections do not pass the guard.
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Content = new ReadOnlyMemoryContent(message.Payload);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", message.ContentType);
        if (sendTraceContext && message.TraceParent is { } traceParent)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        return request;
    }
}
