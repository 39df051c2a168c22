using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.EventTypes;
using WebhookKit.Sending;

namespace WebhookKit;

/// <summary>Collects what an application sends, and where to.</summary>
/// <remarks>Made by <see cref="SenderWebhooksBuilderExtensions.AddSender"/>.</remarks>
public sealed class SenderBuilder
{
    internal SenderBuilder(IServiceCollection services)
    {
        Services = services;
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Says which event type a .NET type is published as.</summary>
    /// <typeparam name="T">The type of the event's data.</typeparam>
    /// <param name="name">The dotted name, for example <c>invoice.paid</c>.</param>
    public SenderBuilder AddEventType<T>(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Services.AddSingleton(new EventTypeRegistration(typeof(T), name));
        return this;
    }

    /// <summary>Declares an endpoint.</summary>
    /// <param name="name">Its name, which with the tenant gives its id; also the key of its configuration.</param>
    /// <param name="url">Where attempts are sent to.</param>
    /// <param name="configure">Sets its subscription and tenant.</param>
    /// <remarks>
    /// Its secrets are read from <c>Webhooks:Sender:Endpoints:{name}:Secrets</c> and never stored. Values under
    /// <c>Webhooks:Sender:Endpoints:{name}</c> (<c>Url</c>, <c>TenantId</c>, <c>EventTypes</c>, <c>Filter</c>,
    /// <c>SignatureScheme</c>,
    /// <c>SignatureHeaderPrefix</c>, <c>Secrets</c>) replace those given here; an endpoint can also be declared there alone.
    /// </remarks>
    public SenderBuilder AddEndpoint(string name, string url, Action<EndpointDeclaration>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(url);
        var declaration = new EndpointDeclaration(name) { Url = url };
        configure?.Invoke(declaration);
        Services.AddSingleton(declaration);
        return this;
    }

    /// <summary>Puts a handler of the host around every attempt, for example to add a header or record a trace.</summary>
    /// <typeparam name="THandler">Made once, with its dependencies from the root services.</typeparam>
    /// <remarks>Handlers run in the order they were added, before the guarded connection, under the attempt's deadline.</remarks>
    public SenderBuilder AddHttpHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where THandler : DelegatingHandler
    {
        Services.AddSingleton(new HttpHandlerRegistration(
            services => ActivatorUtilities.CreateInstance<THandler>(services)));
        return this;
    }

    /// <summary>Makes this a publish-only node: messages are stored, and other nodes send them.</summary>
    public SenderBuilder DisableDispatcher() => Configure(options => options.IsDispatcherDisabled = true);

    /// <summary>Changes the sender's options.</summary>
    public SenderBuilder Configure(Action<SenderOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(configure);
        return this;
    }
}
