using System.Collections.ObjectModel;

namespace WebhookKit;

/// <summary>An endpoint to be created.</summary>
public sealed class NewEndpoint
{
    /// <summary>Whose endpoint it will be, for ever.</summary>
    /// <value>Default: <see langword="null"/>, it gets the messages without a tenant.</value>
    public string? TenantId { get; init; }

    /// <summary>What is said about it.</summary>
    public required EndpointSettings Settings { get; init; }

    /// <summary>Its custom headers, as <see cref="Endpoints.EndpointHeaders"/> validates them; kept as secrets are.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What its requests show beside the signature; kept as secrets are.</summary>
    /// <value>Default: <see langword="null"/>, nothing.</value>
    public EndpointAuthorization? Authorization { get; init; }

    /// <summary>The secret or signing key to begin with, for one that the receiver has already.</summary>
    /// <value>Default: <see langword="null"/>, one is generated.</value>
    public string? Secret { get; init; }

    /// <summary>What is generated: <c>whsk_…</c>, of which the receiver gets the verification key, instead of <c>whsec_…</c>.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool UseSigningKey { get; init; }

    /// <summary>Whether it begins paused.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsPaused { get; init; }
}
