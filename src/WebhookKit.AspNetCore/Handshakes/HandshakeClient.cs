using WebhookKit.NetworkSafety;

namespace WebhookKit.Handshakes;

/// <summary>Calls providers back, over the guarded connect with the strictest policy; no host default reaches it.</summary>
internal sealed class HandshakeClient(HttpMessageInvoker invoker) : IDisposable
{
    public HandshakeClient()
        : this(new HttpMessageInvoker(new GuardedHttpHandler(NetworkPolicy.Default)))
    {
    }

    public HttpMessageInvoker Invoker => invoker;

    public void Dispose() => invoker.Dispose();
}
