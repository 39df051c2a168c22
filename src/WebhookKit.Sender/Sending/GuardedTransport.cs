using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Endpoints;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>The way out to endpoints, under the network policy of the options as they are now.</summary>
internal sealed class GuardedTransport : IDisposable
{
    private readonly ILogger<GuardedTransport> _logger;
    private readonly IServiceProvider _services;
    private readonly SenderOptions _options;
    private readonly GuardedHttpHandler _plain;
    private readonly WayOut _handler;
    private readonly CertifiedWays _certified;
    private readonly IDisposable? _changes;
    private volatile TargetUrls _urls;

    public GuardedTransport(IOptionsMonitor<SenderOptions> options, ILogger<GuardedTransport> logger, IServiceProvider services)
    {
        (_logger, _services, _options) = (logger, services, options.CurrentValue);
        _urls = new TargetUrls(_options.NetworkPolicy);
        _plain = Create(_options.NetworkPolicy, null);
        _handler = new WayOut(_plain);
        _certified = new CertifiedWays(certificate => Create(_plain.Policy, certificate));
        _changes = options.OnChange(changed => ChangePolicy(changed.NetworkPolicy));
    }

    /// <summary>Sends by this; its connections do not outlive a change of the policy.</summary>
    public HttpMessageHandler Handler => _handler;

    /// <summary>Validates the URL of an endpoint.</summary>
    public EndpointUrlResult FindTarget(string url) => _urls.Find(url);

    /// <summary>The connections on which an endpoint is shown a certificate, those of no other.</summary>
    public HttpMessageInvoker FindWay(EndpointId endpoint, ClientCertificate certificate) => _certified.Get(endpoint, certificate);

    public void Dispose()
    {
        _changes?.Dispose();
        _handler.Dispose();
        _certified.Dispose();
    }

    private GuardedHttpHandler Create(NetworkPolicy policy, ClientCertificate? certificate) => new(policy, new GuardedHttpOptions
    {
        ConnectTimeout = _options.ConnectTimeout,
        Proxy = _options.Proxy,
        ClientCertificate = certificate,
        Resolver = _services.GetService<IHostResolver>(),
        Connector = _services.GetService<IAddressConnector>(),
    });

    private void ChangePolicy(NetworkPolicy policy)
    {
        if (policy == _plain.Policy)
        {
            return;
        }

        // The boundary first.
        _plain.ChangePolicy(policy);
        _certified.ChangePolicy(policy);
        _urls = new TargetUrls(policy);
        _logger.NetworkPolicyChanged();
    }
}
