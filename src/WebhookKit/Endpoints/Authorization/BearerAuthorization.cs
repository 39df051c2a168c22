namespace WebhookKit;

/// <summary>A token that does not change (RFC 6750).</summary>
/// <param name="Token">Visible ASCII without spaces, at most 8,192 characters.</param>
public sealed record BearerAuthorization(string Token) : EndpointAuthorization(AuthorizationKind.Bearer);
