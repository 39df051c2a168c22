namespace WebhookKit;

/// <summary>What requests to an endpoint show beside their signature, where its owner asks for it. Its text tells nothing secret.</summary>
/// <remarks>Kept as secrets are, and never read back.</remarks>
public abstract record EndpointAuthorization
{
    private protected EndpointAuthorization(AuthorizationKind kind)
    {
        Kind = kind;
    }

    /// <summary>Which it is.</summary>
    public AuthorizationKind Kind { get; }

    /// <summary>A user name and a password (RFC 7617).</summary>
    public static BasicAuthorization Basic(string userName, string password) => new(userName, password);

    /// <summary>A token that the endpoint's owner has given out (RFC 6750).</summary>
    public static BearerAuthorization Bearer(string token) => new(token);

    /// <summary>A key in a header of the owner's choosing, such as <c>X-Api-Key</c>.</summary>
    public static ApiKeyAuthorization ApiKey(string header, string key) => new(header, key);

    /// <summary>Access tokens that the sender gets by itself (OAuth 2.0 client credentials, RFC 6749 section 4.4).</summary>
    public static ClientCredentialsAuthorization ClientCredentials(string tokenUrl, string clientId, string clientSecret) =>
        new(tokenUrl, clientId, clientSecret);

    /// <summary>Returns the kind alone.</summary>
    public sealed override string ToString() => Kind.ToString();
}
