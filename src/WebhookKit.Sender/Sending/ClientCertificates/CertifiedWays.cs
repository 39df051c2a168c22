using System.Collections.Concurrent;
using System.Security.Cryptography;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>The ways out with a client certificate: each certificate has connections of its own. Thread-safe.</summary>
/// <remarks>One that is forgotten is not disposed, for an attempt may be using it: its connections end by themselves when idle.</remarks>
internal sealed class CertifiedWays(Func<ClientCertificate, GuardedHttpHandler> create) : IDisposable
{
    private const int MaxRemembered = 1_000;

    private readonly ConcurrentDictionary<string, Way> _ways = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public HttpMessageInvoker Get(ClientCertificate certificate)
    {
        var thumbprint = certificate.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        if (_ways.TryGetValue(thumbprint, out var known))
        {
            return known.Invoker;
        }

        lock (_gate)
        {
            if (!_ways.TryGetValue(thumbprint, out known))
            {
                if (_ways.Count >= MaxRemembered)
                {
                    _ways.Clear();
                }

                var handler = create(certificate);
                known = _ways[thumbprint] = new Way(handler, new HttpMessageInvoker(handler));
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
