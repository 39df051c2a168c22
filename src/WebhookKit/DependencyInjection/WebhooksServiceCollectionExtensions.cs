using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.Erasure.Internal;
using WebhookKit.EventTypes;
using WebhookKit.Identifiers;
using WebhookKit.Publishing;
using WebhookKit.Retention;
using WebhookKit.Retention.Internal;

namespace WebhookKit;

/// <summary>Adds WebhookKit to an application.</summary>
public static class WebhooksServiceCollectionExtensions
{
    /// <summary>Adds what sender and receiver have in common; name a role next with <c>AddSender</c> or <c>AddReceiver</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the common options.</param>
    /// <remarks>May be called more than once.</remarks>
    public static WebhooksBuilder AddWebhooks(this IServiceCollection services, Action<WebhooksOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdGenerator>();
        services.TryAddSingleton<EventTypeRegistry>();
        services.TryAddSingleton<MessageFactory>();
        services.TryAddSingleton<DispatchSignal>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, EventTypeStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, StoreStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, RetentionStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, ClaimRetention>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRetentionStep, InboxRetention>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartupValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RetentionService>());

        // Through a factory: a host that validates its services on build may have chosen no store yet.
        services.TryAddSingleton<IWebhookErasure>(provider => ActivatorUtilities.CreateInstance<WebhookErasure>(provider));
        return new WebhooksBuilder(services);
    }
}
