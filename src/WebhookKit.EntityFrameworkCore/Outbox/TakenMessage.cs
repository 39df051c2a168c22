namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>A message taken from the outbox, with the number it had there.</summary>
internal readonly record struct TakenMessage(long Number, WebhookMessage Message);
