using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Verification;

namespace WebhookKit;

/// <summary>Collects the sources an application receives webhooks from.</summary>
/// <remarks>
/// A source may also come wholly from configuration:
/// <c>"Webhooks": { "Receiver": { "Sources": { "partner": { "Provider": "standard-webhooks", "Secrets": ["whsec_…"] } } } }</c>.
/// </remarks>
public sealed class ReceiverBuilder
{
    private readonly IServiceCollection _services;

    internal ReceiverBuilder(IServiceCollection services) => _services = services;

    /// <summary>Adds a source.</summary>
    /// <param name="name">Its name in routes, configuration and claims: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="provider">How its sender signs, an entry of <see cref="WebhookProviders"/> or one of your own.</param>
    /// <param name="configure">Says which secrets verify it and who handles its events.</param>
    public ReceiverBuilder AddSource(string name, WebhookProvider provider, Action<SourceBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(configure);

        var source = new SourceBuilder(_services);
        configure(source);
        _services.AddSingleton(source.Build(name, provider));
        return this;
    }
}
