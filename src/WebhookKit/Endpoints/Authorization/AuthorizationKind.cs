namespace WebhookKit;

/// <summary>How requests to an endpoint are authorized.</summary>
public enum AuthorizationKind
{
    /// <summary>Not at all: the signature is all they show.</summary>
    None = 0,

    /// <summary>By user name and password (RFC 7617).</summary>
    Basic = 1,

    /// <summary>By a token that does not change (RFC 6750).</summary>
    Bearer = 2,

    /// <summary>By a key in a header.</summary>
    ApiKey = 3,

    /// <summary>By access tokens of an authorization server (RFC 6749 section 4.4).</summary>
    ClientCredentials = 4,
}
