using System.Net;

namespace WebhookKit.Tests.Verification;

/// <summary>Answers by URL, or with 503 where there is nothing, and notes what it is asked for.</summary>
internal sealed class TestPublisher : HttpMessageHandler
{
    public TestPublisher() => Client = new HttpMessageInvoker(this, disposeHandler: false);

    public HttpMessageInvoker Client { get; }

    public Dictionary<string, byte[]> Published { get; } = [];

    public List<string> Called { get; } = [];

    public Action OnCalled { get; set; } = () => { };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal(HttpMethod.Get, request.Method);
        Called.Add(request.RequestUri!.AbsoluteUri);
        OnCalled();
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Published.TryGetValue(Called[^1], out var bytes)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }
            : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
    }

    protected override void Dispose(bool disposing)
    {
        Client.Dispose();
        base.Dispose(disposing);
    }
}
