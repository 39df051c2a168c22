namespace WebhookKit.EventTypes;

/// <summary>Says which event type a .NET type is published as.</summary>
/// <param name="Type">The type of the event's data.</param>
/// <param name="Name">The dotted name, for example <c>invoice.paid</c>.</param>
public sealed record EventTypeRegistration(Type Type, string Name);
