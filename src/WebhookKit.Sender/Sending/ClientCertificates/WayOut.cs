namespace WebhookKit.Sending;

/// <summary>Sends each request over the connections that are its own: those of its client certificate, or those without one.</summary>
internal sealed class WayOut(HttpMessageHandler plain) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _plain = new(plain);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (request is CertifiedRequest certified ? certified.Way : _plain).SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
        }

        base.Dispose(disposing);
    }
}
