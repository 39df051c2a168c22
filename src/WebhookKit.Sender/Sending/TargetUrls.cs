using System.Collections.Concurrent;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>Validates the URLs of endpoints against the policy, each once: it may come from a deployment with another one.</summary>
internal sealed class TargetUrls(NetworkPolicy policy)
{
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, EndpointUrlResult> _results = new(StringComparer.Ordinal);

    public EndpointUrlResult Find(string url)
    {
        if (_results.TryGetValue(url, out var result))
        {
            return result;
        }

        result = EndpointUrl.Validate(url, policy);
        if (_results.Count >= MaxRemembered)
        {
            _results.Clear();
        }

        _results[url] = result;
        return result;
    }
}
