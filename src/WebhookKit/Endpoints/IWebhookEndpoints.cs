namespace WebhookKit;

/// <summary>The registry of endpoints that people make at run time; added by <c>sender.AddEndpointRegistry()</c>.</summary>
/// <remarks>
/// What does not come about is a result with errors that name the cure, never an exception. Of endpoints that code or
/// configuration declares only the status is the registry's to change.
/// </remarks>
public interface IWebhookEndpoints
{
    /// <summary>Adds an endpoint, with a new secret unless it brings one.</summary>
    ValueTask<EndpointResult> CreateAsync(NewEndpoint endpoint, CancellationToken cancellationToken = default);

    /// <summary>Finds an endpoint; <see langword="null"/> when there is none, or it was deleted.</summary>
    ValueTask<RegisteredEndpoint?> FindAsync(EndpointId id, CancellationToken cancellationToken = default);

    /// <summary>Lists endpoints in the order of their ids, page by page; without their secrets and headers.</summary>
    /// <exception cref="ArgumentException">The size is out of bounds, or the cursor is none of ours.</exception>
    ValueTask<EndpointPage> ListAsync(EndpointQuery query, CancellationToken cancellationToken = default);

    /// <summary>Replaces the settings of an endpoint.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="version">The <see cref="RegisteredEndpoint.Version"/> that was read: another edit since then makes this one fail.</param>
    /// <param name="settings">All settings, for example <c>endpoint.Settings with { Url = … }</c>.</param>
    /// <param name="onHostChange">
    /// What becomes of secrets, custom headers and authorization when the URL leads to another host, port or scheme; it must be said, for whoever
    /// may change a URL could otherwise have them sent to himself.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EndpointResult> UpdateAsync(
        EndpointId id,
        long version,
        EndpointSettings settings,
        HostChange onHostChange = HostChange.Refuse,
        CancellationToken cancellationToken = default);

    /// <summary>Replaces all custom headers of an endpoint; their values are kept as secrets are.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="version">The <see cref="RegisteredEndpoint.Version"/> that was read.</param>
    /// <param name="headers">Names and values, as <see cref="Endpoints.EndpointHeaders"/> validates them; empty for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EndpointResult> SetHeadersAsync(
        EndpointId id, long version, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken = default);

    /// <summary>Replaces what the requests to an endpoint show beside their signature; it is kept as secrets are.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="version">The <see cref="RegisteredEndpoint.Version"/> that was read.</param>
    /// <param name="authorization">All of it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EndpointResult> SetAuthorizationAsync(
        EndpointId id, long version, EndpointAuthorization? authorization, CancellationToken cancellationToken = default);

    /// <summary>Has its deliveries made and sent; those that waited while it was paused first.</summary>
    ValueTask<EndpointResult> EnableAsync(EndpointId id, CancellationToken cancellationToken = default);

    /// <summary>Has its deliveries made and kept waiting.</summary>
    ValueTask<EndpointResult> PauseAsync(EndpointId id, CancellationToken cancellationToken = default);

    /// <summary>Has its deliveries recorded as skipped, also those still pending.</summary>
    ValueTask<EndpointResult> DisableAsync(EndpointId id, CancellationToken cancellationToken = default);

    /// <summary>Deletes an endpoint with its secrets; what is pending for it is canceled, batch by batch.</summary>
    /// <remarks>The endpoint is gone at once; when this is given up or fails, a dispatcher cancels what remains.</remarks>
    ValueTask<EndpointResult> DeleteAsync(EndpointId id, CancellationToken cancellationToken = default);

    /// <summary>Adds a secret and lets the others expire; until then all of them sign.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="rotation">What to add, and how long the others stay; a new secret and 24 hours when omitted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EndpointResult> RotateSecretAsync(
        EndpointId id, SecretRotation? rotation = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes a secret at once, for example the old one when the receiver has changed over.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="number">Which: <see cref="EndpointSecret.Number"/>. The last one cannot be deleted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EndpointResult> DeleteSecretAsync(EndpointId id, int number, CancellationToken cancellationToken = default);
}
