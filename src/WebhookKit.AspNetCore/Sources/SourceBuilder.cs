using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookKit.Handlers;
using WebhookKit.Receiving;
using WebhookKit.Sources;
using WebhookKit.Verification;

namespace WebhookKit;

/// <summary>Says what a source is verified with and who handles its events.</summary>
/// <remarks>
/// Several handlers of one event type run in the order they were added, in one transaction. <c>Provider</c>,
/// <c>Secrets</c>, <c>Settings</c> and <c>PublicUrl</c> under <c>Webhooks:Receiver:Sources:{name}</c> replace what code says.
/// </remarks>
public sealed class SourceBuilder
{
    private readonly IServiceCollection _services;
    private readonly List<string> _secrets = [];
    private readonly List<HandlerRegistration> _handlers = [];
    private readonly Dictionary<string, string> _settings = new(StringComparer.OrdinalIgnoreCase);
    private string? _secretsKey;
    private readonly List<ConfiguredSecret> _tenantSecrets = [];
    private readonly List<string> _allowedAddresses = [];
    private InboxOptions? _inbox;

    internal SourceBuilder(IServiceCollection services) => _services = services;

    /// <summary>The greatest distance, either way, between the signed timestamp and now.</summary>
    /// <value>Null: the provider's own figure, mostly 5 minutes; <see cref="Timeout.InfiniteTimeSpan"/> takes any timestamp.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? Tolerance
    {
        get;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value.GetValueOrDefault(), TimeSpan.Zero, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>The URL the sender calls, for providers that sign it and hosts behind a proxy that changes it.</summary>
    /// <value>
    /// Null: scheme and host as ASP.NET Core sees them, path and query as they came. Without a path, path and query are
    /// taken from the request; with one, only the query is.
    /// </value>
    /// <exception cref="ArgumentException">The value is not an absolute URL.</exception>
    public Uri? PublicUrl
    {
        get;
        set
        {
            field = value is null or { IsAbsoluteUri: true }
                ? value
                : throw new ArgumentException($"'{value}' is not absolute: give scheme, host and path.", nameof(value));
        }
    }

    /// <summary>The largest body that is read, in bytes; a larger one is answered 413.</summary>
    /// <value>1 MiB unless said otherwise; at most 1 GiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or above 1 GiB.</exception>
    public int MaxBodyBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024 * 1024 * 1024);
            field = value;
        }
    } = ReceiverDefaults.MaxBodyBytes;

    /// <summary>When the handlers of an event are told to give up; the sender is then answered 503.</summary>
    /// <remarks>Handlers are told by their cancellation token, and are waited for.</remarks>
    /// <value>30 seconds unless said otherwise; at most a day.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or above a day.</exception>
    public TimeSpan HandlerTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            field = value;
        }
    } = ReceiverDefaults.HandlerTimeout;

    /// <summary>Reads the secrets from configuration: a list, or one text; they replace those of <see cref="AddSecret"/>.</summary>
    /// <param name="configurationKey">The key, for example <c>Stripe:WebhookSecrets</c>.</param>
    public SourceBuilder BindSecrets(string configurationKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(configurationKey);
        _secretsKey = configurationKey;
        return this;
    }

    /// <summary>Adds a secret; during rotation there are several, each of which verifies.</summary>
    public SourceBuilder AddSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _secrets.Add(secret);
        return this;
    }

    /// <summary>Adds a secret of one tenant, which alone verifies requests whose route value <c>tenant</c> names it.</summary>
    /// <remarks>
    /// For routes such as <c>MapWebhookReceiver("/webhooks/{source}/{tenant}")</c>; events and claims carry the tenant, and
    /// other tenants are answered 404. <c>Tenants:{tenant}</c> in the source's configuration, a list or one text, replaces a
    /// tenant's secrets and is read anew when it changes.
    /// </remarks>
    /// <param name="tenantId">The tenant, compared without regard to case; at most 128 characters.</param>
    /// <param name="secret">The secret; during rotation there are several.</param>
    public SourceBuilder AddTenantSecret(string tenantId, string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenantId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tenantId.Length, MessageDefaults.MaxKeyLength, nameof(tenantId));
        ArgumentNullException.ThrowIfNull(secret);
        _tenantSecrets.Add(new ConfiguredSecret(secret, tenantId));
        return this;
    }

    /// <summary>Allows an address or a network to send; without a call every one may.</summary>
    /// <remarks>
    /// It is the connection's address that counts. Behind a proxy use ASP.NET Core's forwarded-headers middleware, told which
    /// proxies to trust: headers that anybody may send are not looked at here. <c>AllowedAddresses</c> in the source's
    /// configuration, a list, replaces what code says.
    /// </remarks>
    /// <param name="network">An address or a network in CIDR form, for example <c>203.0.113.7</c> or <c>2001:db8::/32</c>.</param>
    public SourceBuilder AllowAddress(string network)
    {
        ArgumentException.ThrowIfNullOrEmpty(network);
        _allowedAddresses.Add(network);
        return this;
    }

    /// <summary>Answers the sender once its events are kept, and handles them in the background, with retries and dead letters.</summary>
    /// <remarks>
    /// Without it handlers run before the sender is answered, and the sender's own retries are the only ones. An event's
    /// entry is marked handled in the transaction of its handlers.
    /// </remarks>
    /// <param name="configure">Changes how they are handled.</param>
    public SourceBuilder UseInbox(Action<InboxOptions>? configure = null)
    {
        configure?.Invoke(_inbox ??= new InboxOptions());
        _inbox ??= new InboxOptions();
        return this;
    }

    /// <summary>Tells the provider something beside the secrets, see <see cref="WebhookProvider.Settings"/>.</summary>
    /// <param name="name">The setting's name, without regard to case.</param>
    /// <param name="value">Its value; <c>Settings:{name}</c> in the source's configuration replaces it.</param>
    public SourceBuilder Set(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _settings[name] = value;
        return this;
    }

    /// <summary>Handles an event type by a class, registered as a scoped service unless it is registered already.</summary>
    /// <typeparam name="T">What the event's data is bound to.</typeparam>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <param name="eventType">The event type, compared exactly.</param>
    public SourceBuilder On<T, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string eventType)
        where THandler : class, IWebhookHandler<T>
    {
        _services.TryAddScoped<THandler>();
        return On<T, THandler>(eventType, (webhook, handler, cancellationToken) => handler.HandleAsync(webhook, cancellationToken));
    }

    /// <summary>Handles the bytes of an event type by a delegate; nothing is bound.</summary>
    /// <param name="eventType">The event type, compared exactly.</param>
    /// <param name="handler">The handler.</param>
    public SourceBuilder On(string eventType, Func<ReceivedWebhook, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventType, null, (received, _, cancellationToken) => handler(received.Webhook, cancellationToken));
    }

    /// <summary>Handles an event type by a delegate.</summary>
    /// <typeparam name="T">What the event's data is bound to.</typeparam>
    /// <param name="eventType">The event type, compared exactly.</param>
    /// <param name="handler">The handler.</param>
    public SourceBuilder On<T>(string eventType, Func<ReceivedWebhook<T>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventType, typeof(T), (received, _, cancellationToken) => handler(received.Bind<T>(), cancellationToken));
    }

    /// <summary>Handles an event type by a delegate with a service of the handler's scope.</summary>
    /// <typeparam name="T">What the event's data is bound to.</typeparam>
    /// <typeparam name="TService">The service.</typeparam>
    /// <param name="eventType">The event type, compared exactly.</param>
    /// <param name="handler">The handler.</param>
    public SourceBuilder On<T, TService>(
        string eventType, Func<ReceivedWebhook<T>, TService, CancellationToken, Task> handler)
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventType, typeof(T), (received, scope, cancellationToken) => handler(
            received.Bind<T>(), scope.GetRequiredService<TService>(), cancellationToken));
    }

    /// <summary>Handles an event type by a delegate with two services of the handler's scope.</summary>
    /// <typeparam name="T">What the event's data is bound to.</typeparam>
    /// <typeparam name="TService1">The first service.</typeparam>
    /// <typeparam name="TService2">The second service.</typeparam>
    /// <param name="eventType">The event type, compared exactly.</param>
    /// <param name="handler">The handler.</param>
    public SourceBuilder On<T, TService1, TService2>(
        string eventType, Func<ReceivedWebhook<T>, TService1, TService2, CancellationToken, Task> handler)
        where TService1 : notnull
        where TService2 : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventType, typeof(T), (received, scope, cancellationToken) => handler(
            received.Bind<T>(),
            scope.GetRequiredService<TService1>(),
            scope.GetRequiredService<TService2>(),
            cancellationToken));
    }

    /// <summary>Handles an event type by a delegate with three services of the handler's scope.</summary>
    /// <typeparam name="T">What the event's data is bound to.</typeparam>
    /// <typeparam name="TService1">The first service.</typeparam>
    /// <typeparam name="TService2">The second service.</typeparam>
    /// <typeparam name="TService3">The third service.</typeparam>
    /// <param name="eventType">The event type, compared exactly.</param>
    /// <param name="handler">The handler.</param>
    public SourceBuilder On<T, TService1, TService2, TService3>(
        string eventType, Func<ReceivedWebhook<T>, TService1, TService2, TService3, CancellationToken, Task> handler)
        where TService1 : notnull
        where TService2 : notnull
        where TService3 : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventType, typeof(T), (received, scope, cancellationToken) => handler(
            received.Bind<T>(),
            scope.GetRequiredService<TService1>(),
            scope.GetRequiredService<TService2>(),
            scope.GetRequiredService<TService3>(),
            cancellationToken));
    }

    /// <summary>Handles the bytes of every event type that no other handler of the source is for.</summary>
    /// <param name="handler">The handler.</param>
    public SourceBuilder OnOthers(Func<ReceivedWebhook, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.Add(new HandlerRegistration(null, null, (received, _, cancellationToken) => handler(received.Webhook, cancellationToken)));
        return this;
    }

    /// <summary>Handles the bytes of every event type that no other handler of the source is for, with a service of the handler's scope.</summary>
    /// <typeparam name="TService">The service.</typeparam>
    /// <param name="handler">The handler.</param>
    public SourceBuilder OnOthers<TService>(Func<ReceivedWebhook, TService, CancellationToken, Task> handler)
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.Add(new HandlerRegistration(null, null, (received, scope, cancellationToken) =>
            handler(received.Webhook, scope.GetRequiredService<TService>(), cancellationToken)));
        return this;
    }

    /// <summary>Publishes events of a type anew to the application's own endpoints: the same bytes, in a message of the event's tenant.</summary>
    /// <remarks>
    /// Runs like a handler, in its place among the others; with the Entity Framework Core store the message commits with
    /// the claim. Messages hold at most 256 KiB: set <see cref="MaxBodyBytes"/> to that to refuse larger events.
    /// </remarks>
    /// <param name="eventType">The event type as the source names it, compared exactly.</param>
    /// <param name="publishAs">The event type of the message; the source's own name unless said otherwise.</param>
    /// <exception cref="ArgumentException">The message's event type is none.</exception>
    public SourceBuilder Forward(string eventType, string? publishAs = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventType);
        var published = Forwarding.RequireEventType(publishAs ?? eventType);
        return Add(eventType, null, (received, scope, cancellationToken) =>
            Forwarding.PublishAsync(received.Webhook, published, scope, cancellationToken));
    }

    /// <summary>Publishes events of every type that no other handler of the source is for, see <see cref="Forward"/>.</summary>
    /// <param name="publishAs">Names the event type of the message; null leaves the event out.</param>
    public SourceBuilder ForwardOthers(Func<ReceivedWebhook, string?> publishAs)
    {
        ArgumentNullException.ThrowIfNull(publishAs);
        _handlers.Add(new HandlerRegistration(null, null, (received, scope, cancellationToken) =>
            publishAs(received.Webhook) is { } eventType
                ? Forwarding.PublishAsync(received.Webhook, Forwarding.RequireEventType(eventType), scope, cancellationToken)
                : Task.CompletedTask));
        return this;
    }

    internal SourceDeclaration Build(string name, WebhookProvider? provider) => new(name, provider)
    {
        SecretsKey = _secretsKey,
        Secrets = [.. _secrets],
        Settings = _settings,
        Inbox = _inbox,
        TenantSecrets = _tenantSecrets.ToLookup(secret => secret.Origin, secret => secret.Text, StringComparer.OrdinalIgnoreCase),
        AllowedAddresses = [.. _allowedAddresses],
        PublicUrl = PublicUrl,
        Handlers = [.. _handlers],
        Tolerance = Tolerance,
        MaxBodyBytes = MaxBodyBytes,
        HandlerTimeout = HandlerTimeout,
    };

    private SourceBuilder Add(
        string eventType, Type? dataType, Func<ReceivedEvent, IServiceProvider, CancellationToken, Task> invoke)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventType);
        _handlers.Add(new HandlerRegistration(eventType, dataType, invoke));
        return this;
    }
}
