namespace WebhookKit.Handlers;

/// <summary>One handler.</summary>
/// <param name="EventType">The event type, compared exactly; null for every type that no other handler is for.</param>
/// <param name="DataType">What the data is bound to, or null for a handler of bytes.</param>
/// <param name="Invoke">Binds the data and runs the handler with the scope's services.</param>
internal sealed record HandlerRegistration(
    string? EventType, Type? DataType, Func<ReceivedEvent, IServiceProvider, CancellationToken, Task> Invoke);
