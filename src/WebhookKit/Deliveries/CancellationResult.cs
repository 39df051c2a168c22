namespace WebhookKit;

/// <summary>What became of a message that was to be canceled.</summary>
/// <param name="Status">Whether anything was canceled.</param>
/// <param name="Canceled">Deliveries that will not be sent, by this call.</param>
/// <param name="AlreadyFinal">Deliveries that were delivered, given up or canceled before.</param>
public sealed record CancellationResult(CancellationStatus Status, int Canceled = 0, int AlreadyFinal = 0);
