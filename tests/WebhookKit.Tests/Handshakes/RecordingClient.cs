using System.Net;

namespace WebhookKit.Tests.Handshakes;

/// <summary>Notes what is called, and answers as told without a network.</summary>
internal sealed class RecordingClient(HttpStatusCode status = HttpStatusCode.OK, Exception? failure = null)
    : HttpMessageInvoker(new SocketsHttpHandler())
{
    public List<string> Called { get; } = [];

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Called.Add($"{request.Method} {request.RequestUri}");
        return failure is null ? Task.FromResult(new HttpResponseMessage(status)) : Task.FromException<HttpResponseMessage>(failure);
    }
}
