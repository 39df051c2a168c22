namespace WebhookKit.NetworkSafety;

/// <summary>What the validation of an endpoint's URL came to, and the URL to keep.</summary>
/// <param name="Status">The cause, or <see cref="EndpointUrlStatus.Valid"/>.</param>
/// <param name="Url">The normalised URL, to be stored and shown; null unless valid.</param>
public readonly record struct EndpointUrlResult(EndpointUrlStatus Status, Uri? Url = null)
{
    /// <summary>Whether the URL may be used.</summary>
    public bool IsValid => Status == EndpointUrlStatus.Valid;

    /// <summary>What is wrong and what cures it; null when valid.</summary>
    public string? Error => Status switch
    {
        EndpointUrlStatus.Valid => null,
        EndpointUrlStatus.None => "The endpoint URL was not validated.",
        EndpointUrlStatus.TooLong => $"The endpoint URL is too long: use at most {EndpointUrl.MaxLength} characters.",
        EndpointUrlStatus.SchemeNotAllowed =>
            "The endpoint URL must use https; for development, AllowInsecureEndpoints allows http, and AllowLoopback this machine.",
        EndpointUrlStatus.UserInfoNotAllowed =>
            "The endpoint URL holds a user name or password: leave them out, the receiver verifies the signature.",
        EndpointUrlStatus.FragmentNotAllowed => "The endpoint URL has a fragment: leave out the part from # on.",
        EndpointUrlStatus.ZoneNotAllowed => "The endpoint URL has an IPv6 zone: use a public host name.",
        EndpointUrlStatus.PortNotAllowed => "The endpoint URL's port is not allowed: use 443, or allow more with AllowPorts.",
        EndpointUrlStatus.HostNameNotAllowed =>
            "The endpoint URL's host is not a public name: use a full domain name; for development, AllowLoopback allows localhost.",
        EndpointUrlStatus.AddressNotAllowed =>
            "The endpoint URL's address is not public: use a public host name; AllowNetwork allows a network of your own, and for "
            + "development AllowLoopback allows loopback addresses.",
        _ => "The endpoint URL is malformed: use an absolute URL such as https://example.com/webhooks.",
    };
}
