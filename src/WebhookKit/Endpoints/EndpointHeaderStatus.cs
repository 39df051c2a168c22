namespace WebhookKit.Endpoints;

/// <summary>What the validation of an endpoint's custom headers came to.</summary>
public enum EndpointHeaderStatus
{
    /// <summary>Not validated.</summary>
    None,

    /// <summary>The headers may be kept and sent.</summary>
    Valid,

    /// <summary>A name is missing or is no token of RFC 9110, section 5.6.2.</summary>
    NameMalformed,

    /// <summary>A name is longer than <see cref="EndpointHeaders.MaxNameLength"/>.</summary>
    NameTooLong,

    /// <summary>A name belongs to HTTP, to a proxy, to tracing or to the signature.</summary>
    NameReserved,

    /// <summary>A name occurs twice, in whatever case.</summary>
    NameRepeated,

    /// <summary>A value is missing, or holds something else than visible ASCII characters and spaces between them.</summary>
    ValueMalformed,

    /// <summary>A value is longer than <see cref="EndpointHeaders.MaxValueLength"/>.</summary>
    ValueTooLong,

    /// <summary>There are more than <see cref="EndpointHeaders.MaxHeaders"/>.</summary>
    TooMany,
}
