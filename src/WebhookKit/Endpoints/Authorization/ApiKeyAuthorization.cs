using WebhookKit.Endpoints;

namespace WebhookKit;

/// <summary>A key in a header.</summary>
/// <param name="Header">The header's name, as <see cref="EndpointHeaders"/> allows it.</param>
/// <param name="Key">The header's value, as <see cref="EndpointHeaders"/> allows it.</param>
public sealed record ApiKeyAuthorization(string Header, string Key) : EndpointAuthorization(AuthorizationKind.ApiKey);
