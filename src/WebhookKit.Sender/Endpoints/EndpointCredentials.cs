using WebhookKit.Endpoints.Authorization;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>What an attempt shows the endpoint: its signatures, custom headers and authorization.</summary>
/// <param name="Signer">Signs with all live secrets; null when it cannot.</param>
/// <param name="Headers">Custom headers, and the one of an authorization that does not change.</param>
/// <param name="Tokens">Gives the access token that each request shows as well; null where it shows none.</param>
/// <param name="Error">Why there is no signer, kept with the attempt.</param>
internal readonly record struct EndpointCredentials(
    IWebhookSigner? Signer, IReadOnlyList<KeyValuePair<string, string>> Headers, AccessTokenSource? Tokens = null, string? Error = null)
{
    public static EndpointCredentials Of(
        EndpointId id,
        IWebhookSigner signer,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        EndpointAuthorization? authorization,
        AccessTokens tokens) => authorization switch
        {
            null => new(signer, headers),
            ClientCredentialsAuthorization client => new(signer, headers, tokens.Of(id, client)),
            _ => new(signer, [.. headers, AuthorizationHeaders.Of(authorization)!.Value]),
        };

    public static EndpointCredentials Missing(string error) => new(null, [], Error: error);
}
