namespace WebhookKit.Erasure;

/// <summary>How much has been erased.</summary>
/// <param name="Endpoints">Endpoints disabled, their URL emptied.</param>
/// <param name="Messages">Messages whose payload is gone.</param>
/// <param name="CanceledDeliveries">Deliveries that were pending or skipped and will never be sent.</param>
/// <param name="InboxEntries">Received events whose payload is gone.</param>
public readonly record struct ErasureProgress(
    long Endpoints = 0, long Messages = 0, long CanceledDeliveries = 0, long InboxEntries = 0)
{
    /// <summary>Adds up.</summary>
    public ErasureProgress Add(ErasureProgress other) => new(
        Endpoints + other.Endpoints,
        Messages + other.Messages,
        CanceledDeliveries + other.CanceledDeliveries,
        InboxEntries + other.InboxEntries);
}
