namespace WebhookKit;

/// <summary>A page of endpoints.</summary>
/// <param name="Endpoints">The endpoints, in the order of their ids.</param>
/// <param name="NextCursor">Where the next page begins; <see langword="null"/> when this was the last.</param>
public sealed record EndpointPage(IReadOnlyList<RegisteredEndpoint> Endpoints, string? NextCursor);
