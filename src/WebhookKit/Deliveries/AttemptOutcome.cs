namespace WebhookKit.Deliveries;

/// <summary>What an attempt came to: where it ended and why.</summary>
public enum AttemptOutcome
{
    /// <summary>Not known; never stored.</summary>
    None = 0,

    /// <summary>2xx, read within the deadline.</summary>
    Succeeded = 1,

    /// <summary>410: the endpoint wants no more.</summary>
    Gone = 2,

    /// <summary>429, 502, 503 or 504: the endpoint asks for less.</summary>
    Throttled = 3,

    /// <summary>3xx: redirects are not followed.</summary>
    Redirected = 4,

    /// <summary>Any other 4xx.</summary>
    Refused = 5,

    /// <summary>Any other 5xx, or a status outside 200 to 599.</summary>
    ReceiverError = 6,

    /// <summary>The URL is not allowed by the network policy.</summary>
    UrlForbidden = 7,

    /// <summary>The host name leads to an address that the network policy refuses.</summary>
    AddressForbidden = 8,

    /// <summary>The host name could not be resolved.</summary>
    NameResolutionFailed = 9,

    /// <summary>No connection could be made.</summary>
    ConnectFailed = 10,

    /// <summary>The TLS handshake or the certificate failed.</summary>
    TlsFailed = 11,

    /// <summary>The deadline passed before the whole exchange was done.</summary>
    DeadlineExceeded = 12,

    /// <summary>The response was not HTTP, or its headers were longer than 32 KiB.</summary>
    ResponseInvalid = 13,

    /// <summary>No signature could be made, for example because the secret is missing.</summary>
    SigningFailed = 14,

    /// <summary>A fault of the sender's own, such as a handler of the host that threw, or its proxy that could not be reached.</summary>
    SenderError = 15,

    /// <summary>The connection broke before the response was complete.</summary>
    ConnectionBroken = 16,

    /// <summary>The endpoint's authorization server gave no access token; the endpoint itself was not asked.</summary>
    AuthorizationFailed = 17,

    /// <summary>The client certificate that the endpoint's policy names could not be had; nothing was sent.</summary>
    ClientCertificateMissing = 18,

    /// <summary>The payload could not be rendered in the format that the endpoint's policy names; nothing was sent.</summary>
    RenderingFailed = 19,
}
