using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Sources;
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

    /// <summary>Says how the sources are handled that configuration names and no <see cref="AddSource"/> call does.</summary>
    /// <remarks>
    /// Their providers and secrets are the configuration's own; without this call their events are acknowledged and dropped.
    /// A second call takes the first one's place.
    /// </remarks>
    /// <param name="configure">Says who handles their events; runs once, for all of them.</param>
    public ReceiverBuilder AddConfiguredSources(Action<SourceBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var source = new SourceBuilder(_services);
        configure(source);
        _services.AddSingleton(new ConfiguredSources(source.Build("", provider: null)));
        return this;
    }
}
