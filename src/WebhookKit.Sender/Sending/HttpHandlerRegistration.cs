namespace WebhookKit.Sending;

/// <summary>A handler that the host puts around every attempt.</summary>
internal sealed record HttpHandlerRegistration(Func<IServiceProvider, DelegatingHandler> Create);
