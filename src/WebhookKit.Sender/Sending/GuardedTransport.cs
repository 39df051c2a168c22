using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>The way out to endpoints, under the network policy of the options as they are now.</summary>
internal sealed class GuardedTransport : IDisposable
{
    private readonly ILogger<GuardedTransport> _logger;
    private readonly GuardedHttpHandler _handler;
    private readonly IDisposable? _changes;
    private volatile TargetUrls _urls;

    public GuardedTransport(IOptionsMonitor<SenderOptions> options, ILogger<GuardedTransport> logger, IServiceProvider services)
    {
        _logger = logger;
        var current = options.CurrentValue;
        _urls = new TargetUrls(current.NetworkPolicy);
        _handler = new GuardedHttpHandler(current.NetworkPolicy, new GuardedHttpOptions
        {
            ConnectTimeout = current.ConnectTimeout,
            Proxy = current.Proxy,
            Resolver = services.GetService<IHostResolver>(),
            Connector = services.GetService<IAddressConnector>(),
        });
        _changes = options.OnChange(changed => ChangePolicy(changed.NetworkPolicy));
    }

    /// <summary>Sends by this; its connections do not outlive a change of the policy.</summary>
    public HttpMessageHandler Handler => _handler;

    /// <summary>Validates the URL of an endpoint.</summary>
    public EndpointUrlResult FindTarget(string url) => _urls.Find(url);

    public void Dispose()
    {
        _changes?.Dispose();
        _handler.Dispose();
    }

    private void ChangePolicy(NetworkPolicy policy)
    {
        if (policy == _handler.Policy)
        {
            return;
        }

        // The boundary first.
        _handler.ChangePolicy(policy);
        _urls = new TargetUrls(policy);
        _logger.NetworkPolicyChanged();
    }
}
