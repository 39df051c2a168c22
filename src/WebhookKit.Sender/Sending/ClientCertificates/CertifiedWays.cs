using System.Collections.Concurrent;
using System.Security.Cryptography;
using WebhookKit.Endpoints;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>The ways out with a client certificate: each endpoint has connections of its own, for each certificate. Thread-safe.</summary>
/// <remarks>One that is forgotten is not disposed, for an attempt may be using it: its connections end by themselves when idle.</remarks>
internal sealed class CertifiedWays(Func<ClientCertificate, GuardedHttpHandler> create) : IDisposable
{
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<(EndpointId, string), Way> _ways = new();
    private readonly Lock _gate = new();

    public HttpMessageInvoker Get(EndpointId endpoint, ClientCertificate certificate)
    {
        var key = (endpoint, certificate.Certificate.GetCertHashString(HashAlgorithmName.SHA256));
        if (_ways.TryGetValue(key, out var known))
        {
            return known.Invoker;
        }

        lock (_gate)
        {
            if (!_ways.TryGetValue(key, out known))
            {
                if (_ways.Count >= MaxRemembered)
                {
                    _ways.Clear();
                }

                var handler = create(certificate);
                known = _ways[key] = new Way(handler, new HttpMessageInvoker(handler));
            }

            return known.Invoker;
        }
    }

    public void ChangePolicy(NetworkPolicy policy)
    {
        lock (_gate)
        {
            foreach (var way in _ways.Values)
            {
                way.Handler.ChangePolicy(policy);
            }
        }
    }

    public void Dispose()
    {
        foreach (var way in _ways.Values)
        {
            way.Invoker.Dispose();
        }
    }

    private sealed record Way(GuardedHttpHandler Handler, HttpMessageInvoker Invoker);
}
