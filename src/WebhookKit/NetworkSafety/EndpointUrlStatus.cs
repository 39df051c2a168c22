namespace WebhookKit.NetworkSafety;

/// <summary>What the validation of an endpoint's URL came to.</summary>
public enum EndpointUrlStatus
{
    /// <summary>Not validated.</summary>
    None,

    /// <summary>The URL may be called, as far as can be told before its name is resolved.</summary>
    Valid,

    /// <summary>Missing, not an absolute URL, or with white space, control characters or backslashes.</summary>
    Malformed,

    /// <summary>Longer than <see cref="EndpointUrl.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Neither <c>https</c> nor an allowed <c>http</c>.</summary>
    SchemeNotAllowed,

    /// <summary>With a user name or password.</summary>
    UserInfoNotAllowed,

    /// <summary>With a fragment, which would never reach the receiver.</summary>
    FragmentNotAllowed,

    /// <summary>With an IPv6 zone, which names a network interface of the sender.</summary>
    ZoneNotAllowed,

    /// <summary>On a port that is not allowed.</summary>
    PortNotAllowed,

    /// <summary>With a host name that means this machine or an internal network.</summary>
    HostNameNotAllowed,

    /// <summary>With a literal address that is not allowed.</summary>
    AddressNotAllowed,
}
