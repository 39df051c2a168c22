namespace WebhookKit;

/// <summary>Why an endpoint has its status.</summary>
public enum EndpointStatusReason
{
    /// <summary>As created.</summary>
    None = 0,

    /// <summary>A person or the host's code asked for it.</summary>
    ByUser = 1,

    /// <summary>The endpoint answered 410 Gone.</summary>
    Gone = 2,

    /// <summary>The newest deployment no longer declares it.</summary>
    NotDeclared = 3,

    /// <summary>It kept failing.</summary>
    Failing = 4,

    /// <summary>Its tenant was erased, and its URL with it.</summary>
    Erased = 5,

    /// <summary>It was deleted; what is still pending for it is canceled.</summary>
    Deleted = 6,
}
