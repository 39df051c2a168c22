using System.Buffers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.Handshakes;
using WebhookKit.Inbox;
using WebhookKit.Receiving;
using WebhookKit.Routing;
using WebhookKit.Sources;

namespace WebhookKit;

/// <summary>Adds the receiver.</summary>
public static class ReceiverWebhooksBuilderExtensions
{
    /// <summary>Receives webhooks; route them with <c>MapWebhookReceiver</c> and name a store.</summary>
    /// <param name="webhooks">What <c>AddWebhooks</c> returned.</param>
    /// <param name="configure">Adds the sources.</param>
    /// <remarks>May be called more than once; the sources add up.</remarks>
    public static WebhooksBuilder AddReceiver(this WebhooksBuilder webhooks, Action<ReceiverBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(webhooks);
        ArgumentNullException.ThrowIfNull(configure);

        var services = webhooks.Services;
        services.AddRouting();
        services.TryAddSingleton<SourceConfiguration>();
        services.TryAddSingleton<SourceFactory>();
        services.TryAddSingleton<SourceRegistry>();
        services.AddMetrics();
        services.TryAddSingleton<ReceiverMetrics>();
        services.TryAddSingleton<HandshakeClient>(_ => new HandshakeClient());
        services.TryAddSingleton<HandshakeStep>();
        services.TryAddSingleton(new BodyPool(ArrayPool<byte>.Shared));
        services.TryAddSingleton<MismatchHints>();
        services.TryAddSingleton<InlineHandOver>();
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, ReceiverApiDescriptions>());
        services.TryAddSingleton<InboxSignal>();
        services.TryAddSingleton<InboxHandOver>();
        services.TryAddSingleton<IWebhookInbox>(provider => new WebhookInbox(
            provider.GetService<IInboxDeadLetterStore>() ?? throw new WebhookConfigurationException(
                ["The store keeps no inbox whose dead letters a person could look after: choose one that does, for example UseEntityFrameworkCore."]),
            provider.GetRequiredService<InboxSignal>()));
        services.TryAddSingleton<WebhookReceiver>();
        services.TryAddSingleton<ReceiverRoutes>();
        services.TryAddSingleton<RouteRules>();
        services.TryAddSingleton<RouteStartupCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, ReceiverStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, RouteStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, RouteStartupFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, InboxService>());
        configure(new ReceiverBuilder(services));
        return webhooks;
    }
}
