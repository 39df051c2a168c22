namespace WebhookKit.Deliveries;

/// <summary>A delivery that this process may work on until its lease ends.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="MessageId">The message to send.</param>
/// <param name="EndpointId">Where to.</param>
/// <param name="LeaseId">The fencing id that completion must present.</param>
/// <param name="Attempts">Attempts completed in this cycle before this one.</param>
/// <param name="Leases">Leases of this cycle since the last completion, this one included.</param>
/// <param name="OrderingKey">The key whose order at the endpoint it keeps, or <see langword="null"/>.</param>
/// <param name="StartsIn">
/// How long from the store's answer until its request may begin, where a rate spaces them, negative when that time has
/// passed; <see langword="null"/>: at once.
/// </param>
/// <param name="PayloadFormat">The format it is rendered in; <see langword="null"/>: the message's own payload is sent.</param>
/// <param name="IsProbe">Whether it finds out if its endpoint works again: until its lease ends, nothing else is sent there.</param>
public sealed record LeasedDelivery(
    DeliveryId Id,
    MessageId MessageId,
    EndpointId EndpointId,
    LeaseId LeaseId,
    int Attempts,
    int Leases,
    string? OrderingKey = null,
    TimeSpan? StartsIn = null,
    string? PayloadFormat = null,
    bool IsProbe = false);
