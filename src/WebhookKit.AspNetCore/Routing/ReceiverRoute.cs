using Microsoft.AspNetCore.Routing;

namespace WebhookKit.Routing;

/// <summary>A mapped receiver route, and the mark by which its endpoints are known.</summary>
/// <param name="Pattern">The pattern as mapped, without the prefix of a group.</param>
/// <param name="SourceName">The source it is for, or null when the route names it.</param>
/// <param name="Endpoints">The route's own endpoints, without the conventions of a group.</param>
/// <param name="IsGrouped">Whether a group may add a prefix and conventions.</param>
internal sealed record ReceiverRoute(string Pattern, string? SourceName, EndpointDataSource Endpoints, bool IsGrouped);
