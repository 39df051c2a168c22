using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.Endpoints.Registry;
using WebhookKit.EventTypes;
using WebhookKit.NetworkSafety;
using WebhookKit.Rendering;
using WebhookKit.Sending;
using WebhookKit.Signing;

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
    /// <c>Rate</c>, <c>SignatureScheme</c>,
    /// <c>SignatureHeaderPrefix</c>, <c>Authorization</c>, <c>ClientCertificate</c>, <c>PayloadFormat</c>, <c>Secrets</c>) replace those given here; an endpoint can also be declared there alone.
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

    /// <summary>Adds <see cref="IWebhookEndpoints"/>, by which people make endpoints at run time.</summary>
    /// <param name="configure">Changes what the registry allows.</param>
    /// <remarks>
    /// Secrets of these endpoints are stored: a database needs an <c>ISecretProtector</c>, such as the one of <c>UseDataProtection()</c>,
    /// on this node and on those that send. May be called more than once.
    /// </remarks>
    public SenderBuilder AddEndpointRegistry(Action<EndpointRegistryOptions>? configure = null)
    {
        if (configure is not null)
        {
            Services.Configure(configure);
        }

        // Through factories, so that a host that validates its services on build still gets to our error about the store.
        Services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<SecretCanary>(provider));
        Services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<EndpointEdits>(provider));
        Services.TryAddSingleton<IWebhookEndpoints>(provider => ActivatorUtilities.CreateInstance<EndpointRegistry>(provider));
        Services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<SecretExpiry>(provider));
        Services.TryAddSingleton<SecretUpkeep>();
        Services.TryAddSingleton<SettingsValidator>();
        Services.TryAddSingleton<SecretSet>();
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, EndpointRegistryStartupCheck>());
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SecretUpkeep>(provider => provider.GetRequiredService<SecretUpkeep>()));
        return this;
    }

    /// <summary>Adds a signature scheme of the host's own, for policies to name.</summary>
    /// <remarks>On every node that sends; one of the same name as an entry of <see cref="SignatureSchemes"/> takes its place.</remarks>
    public SenderBuilder AddSignatureScheme(SignatureScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        Services.AddSingleton(scheme);
        return this;
    }

    /// <summary>Adds a payload format, for policies to name (<see cref="EndpointPolicy.PayloadFormat"/>).</summary>
    /// <param name="format">An entry of <see cref="PayloadFormats"/>, or one of the host's own.</param>
    /// <remarks>On every node that sends, and where endpoints are saved; of two with one name the first is used.</remarks>
    public SenderBuilder AddPayloadFormat(PayloadFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        Services.AddSingleton(format);
        return this;
    }

    /// <summary>Names a client certificate, for policies to name (<see cref="EndpointPolicy.ClientCertificate"/>).</summary>
    /// <param name="name">Its name, in whatever case.</param>
    /// <param name="find">
    /// Gives the certificate with its private key, or <see langword="null"/>. It is asked at every attempt, from any thread, so it must
    /// answer from memory; another certificate than before is shown from then on.
    /// </param>
    /// <remarks>
    /// Certificates in files need no code: <c>Webhooks:Sender:ClientCertificates:{name}</c> with <c>Path</c>, and <c>KeyPath</c> or
    /// <c>Password</c> where the file needs it; they are read anew when they have changed. Any endpoint whose policy names it is shown
    /// the certificate: where customers set policies, register an <see cref="IClientCertificateSource"/> instead, which is told the tenant.
    /// </remarks>
    public SenderBuilder AddClientCertificate(string name, Func<ClientCertificate?> find)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(find);
        Services.AddSingleton(new NamedCertificate(name, find));
        return this;
    }

    /// <summary>Says what holds for the endpoints of a tenant where they leave it open, for example by the plan it pays for.</summary>
    /// <param name="find">
    /// Gives the policy of a tenant, or of endpoints without one, or <see langword="null"/>. It is asked at every attempt, from any
    /// thread, so it must answer from memory.
    /// </param>
    /// <remarks>
    /// While it throws, what it said last of the tenant holds (of at most 10,000 tenants), and the log says so once for each until it
    /// answers again (<c>PolicyFailed</c>, 2006). Of a tenant of which it has said nothing since the process began, the defaults
    /// hold for the retry schedule, the deadline and the attempts at once, and the stored rate. What a receiver could not make
    /// out is not guessed, unless the endpoint's own policy says it: where a client certificate has been added, or the registry keeps
    /// the endpoint's signature, attempts fail until it answers and are made again by the schedule; where a payload format has been
    /// added, deliveries of what is fanned out meanwhile end as dead letters (<c>RenderingFailed</c>). The registry throws, and
    /// so does the start of a host that declares endpoints.
    /// </remarks>
    public SenderBuilder UseTenantPolicy(Func<string?, EndpointPolicy?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        Services.Replace(ServiceDescriptor.Singleton(new TenantPolicySource(find)));
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

    /// <summary>
    /// Says whom operational messages are sent to: endpoints that fail, recover or are disabled, deliveries that are exhausted,
    /// secrets about to expire.
    /// </summary>
    /// <param name="configure">Chooses endpoints; may be called more than once.</param>
    /// <remarks>
    /// They are stored in the transaction that changes what they tell of, and travel like any other message. What becomes
    /// of them raises no further ones.
    /// </remarks>
    public SenderBuilder OperationalEvents(Action<OperationalEventsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(configure);
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
