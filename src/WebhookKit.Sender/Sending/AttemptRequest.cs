using System.Net;

namespace WebhookKit.Sending;

/// <summary>The request of an attempt, before it is signed.</summary>
internal static class AttemptRequest
{
    public static readonly string UserAgent = $"WebhookKit/{typeof(AttemptRequest).Assembly.GetName().Version?.ToString(3)}";

    public static HttpRequestMessage Create(Uri url, WebhookMessage message, bool sendTraceContext)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            // Never HTTP/3: its connections do not pass the guard.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ReadOnlyMemoryContent(message.Payload),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", message.ContentType);
        if (sendTraceContext && message.TraceParent is { } traceParent)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        return request;
    }
}
