namespace WebhookKit.Handlers;

/// <summary>One handler of one event type.</summary>
/// <param name="EventType">The event type, compared exactly.</param>
/// <param name="DataType">What the data is bound to, or null for a handler of bytes.</param>
/// <param name="Invoke">Binds the data and runs the handler with the scope's services.</param>
internal sealed record HandlerRegistration(
    string EventType, Type? DataType, Func<ReceivedEvent, IServiceProvider, CancellationToken, Task> Invoke);
