namespace WebhookKit.Deliveries;

/// <summary>Why a delivery has a final status.</summary>
public enum DeliveryStatusReason
{
    /// <summary>No reason beyond the status itself.</summary>
    None = 0,

    /// <summary>Dead letter: every attempt of the retry schedule failed.</summary>
    Exhausted = 1,

    /// <summary>Dead letter: leased 5 times without a completion, as a payload that kills the process would.</summary>
    Abandoned = 2,

    /// <summary>Dead letter: the endpoint answered this delivery 410 Gone.</summary>
    EndpointGone = 3,

    /// <summary>Skipped: the endpoint was disabled.</summary>
    EndpointDisabled = 4,

    /// <summary>Skipped: the subscription's filter could not be evaluated.</summary>
    FilterFailed = 5,

    /// <summary>Canceled: the endpoint was deleted.</summary>
    EndpointDeleted = 6,

    /// <summary>Canceled: the message was erased.</summary>
    Erased = 7,

    /// <summary>Canceled: a person or the host's code asked for it.</summary>
    ByUser = 8,
}
