namespace WebhookKit.Sending;

/// <summary>A request that goes out over connections with a client certificate, through whatever handlers of the host.</summary>
internal sealed class CertifiedRequest(Uri url, HttpMessageInvoker way) : HttpRequestMessage(HttpMethod.Post, url)
{
    public HttpMessageInvoker Way => way;
}
