namespace WebhookKit;

/// <summary>Data was published whose .NET type has no event-type name.</summary>
public sealed class UnknownEventTypeException : WebhookException
{
    /// <summary>Creates the exception for a type.</summary>
    public UnknownEventTypeException(Type type)
        : base($"'{type}' has no event type. Register it: AddSender(sender => sender.AddEventType<{type?.Name}>(\"your.event_type\")).")
    {
        Type = type!;
    }

    /// <summary>The type that is not registered.</summary>
    public Type Type { get; }
}
