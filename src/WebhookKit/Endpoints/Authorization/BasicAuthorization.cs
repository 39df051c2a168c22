namespace WebhookKit;

/// <summary>A user name and a password, in UTF-8 (RFC 7617).</summary>
/// <param name="UserName">Without a colon; at most 256 characters.</param>
/// <param name="Password">At most 256 characters.</param>
public sealed record BasicAuthorization(string UserName, string Password) : EndpointAuthorization(AuthorizationKind.Basic);
