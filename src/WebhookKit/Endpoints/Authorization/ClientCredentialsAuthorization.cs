namespace WebhookKit;

/// <summary>Access tokens that the sender gets by itself from an authorization server (RFC 6749 section 4.4).</summary>
/// <remarks>
/// A token is asked for under the network policy of the endpoints, kept in memory until shortly before it expires, and asked
/// for anew once where the endpoint answers 401.
/// </remarks>
/// <param name="TokenUrl">The token endpoint, validated like the URL of an endpoint.</param>
/// <param name="ClientId">The client's id, at most 1,024 characters of visible ASCII and spaces.</param>
/// <param name="ClientSecret">The client's secret, at most 1,024 characters of visible ASCII and spaces.</param>
public sealed record ClientCredentialsAuthorization(string TokenUrl, string ClientId, string ClientSecret)
    : EndpointAuthorization(AuthorizationKind.ClientCredentials)
{
    /// <summary>What is asked for, the words separated by one space (RFC 6749 section 3.3).</summary>
    /// <value>Default: <see langword="null"/>, the server's own default.</value>
    public string? Scope { get; init; }

    /// <summary>Whom the token is for, where the server wants the parameter <c>audience</c>.</summary>
    /// <value>Default: <see langword="null"/>, the parameter is not sent.</value>
    public string? Audience { get; init; }

    /// <summary>Whether id and secret are sent as parameters, for servers that do not take them by HTTP Basic (RFC 6749 section 2.3.1).</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool SendsSecretInBody { get; init; }
}
