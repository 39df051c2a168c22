namespace WebhookKit.Deliveries;

/// <summary>What canceling a message came to.</summary>
/// <param name="Canceled">Deliveries that will not be sent.</param>
/// <param name="AlreadyFinal">Deliveries that had a final status before.</param>
public readonly record struct CanceledDeliveries(int Canceled, int AlreadyFinal);
