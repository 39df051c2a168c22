namespace WebhookKit.DependencyInjection;

/// <summary>Says which store the host has chosen; every store registers one, and start-up refuses two different ones.</summary>
/// <param name="Name">The call that chose it, as the host wrote it, for example <c>UseInMemoryStore()</c>.</param>
public sealed record StoreRegistration(string Name);
