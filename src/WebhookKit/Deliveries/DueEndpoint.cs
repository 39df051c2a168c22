namespace WebhookKit.Deliveries;

/// <summary>An endpoint that has pending deliveries.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="DueIn">Until its earliest may be leased, slow-down included, by the store's clock; zero or less means now.</param>
/// <param name="Status"><see cref="EndpointStatus.Enabled"/> or <see cref="EndpointStatus.Disabled"/>; paused ones are not found.</param>
public readonly record struct DueEndpoint(EndpointId EndpointId, TimeSpan DueIn, EndpointStatus Status);
