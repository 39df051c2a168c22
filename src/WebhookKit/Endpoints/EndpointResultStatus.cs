namespace WebhookKit;

/// <summary>What a change in the registry came to.</summary>
public enum EndpointResultStatus
{
    /// <summary>Nothing was tried: the value of a forgotten result.</summary>
    None = 0,

    /// <summary>The change was made.</summary>
    Done,

    /// <summary>What was said cannot be kept; the errors say why.</summary>
    Invalid,

    /// <summary>There is no such endpoint, or it was deleted.</summary>
    NotFound,

    /// <summary>Code or configuration declares the endpoint: change it there.</summary>
    Declared,

    /// <summary>Somebody else has changed the endpoint since it was read.</summary>
    Changed,

    /// <summary>The URL leads to another host, and nothing was said about secrets and headers.</summary>
    HostChanged,

    /// <summary>The tenant has as many endpoints as it may, or the endpoint as many secrets.</summary>
    LimitReached,

    /// <summary>The secrets that are stored cannot be read, so none is added: it would be lost as well.</summary>
    SecretsUnreadable,
}
