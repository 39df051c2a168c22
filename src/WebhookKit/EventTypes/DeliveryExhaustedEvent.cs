namespace WebhookKit;

/// <summary>The data of operational messages about a delivery that is not attempted any more.</summary>
public sealed record DeliveryExhaustedEvent
{
    /// <summary>The delivery, as <c>dlv_…</c>.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>Its message, as <c>msg_…</c>.</summary>
    public required string MessageId { get; init; }

    /// <summary>The message's event type, or <see langword="null"/> where it could not be read.</summary>
    public string? EventType { get; init; }

    /// <summary>The endpoint, as <c>ep_…</c>.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Whose endpoint it is, or <see langword="null"/>.</summary>
    public string? TenantId { get; init; }

    /// <summary>Why: <c>exhausted</c>, <c>abandoned</c> or <c>endpointGone</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>How many attempts were made in this cycle.</summary>
    public int Attempts { get; init; }

    /// <summary>What the last attempt came to, or <see langword="null"/> where none was made.</summary>
    public string? LastOutcome { get; init; }

    /// <summary>The status code of its answer, or <see langword="null"/>.</summary>
    public int? LastStatusCode { get; init; }
}
