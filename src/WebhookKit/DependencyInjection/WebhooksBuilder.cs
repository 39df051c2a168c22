using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EventTypes;

namespace WebhookKit;

/// <summary>Collects what an application wants of WebhookKit.</summary>
/// <remarks>Made by <see cref="WebhooksServiceCollectionExtensions.AddWebhooks"/>.</remarks>
public sealed class WebhooksBuilder
{
    internal WebhooksBuilder(IServiceCollection services)
    {
        Services = services;
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Says which event type a .NET type is published as.</summary>
    /// <typeparam name="T">The type of the event's data.</typeparam>
    /// <param name="name">The dotted name, for example <c>invoice.paid</c>.</param>
    public WebhooksBuilder AddEventType<T>(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Services.AddSingleton(new EventTypeRegistration(typeof(T), name));
        return this;
    }
}
