namespace WebhookKit.Endpoints;

/// <summary>Keeps what the registry makes: endpoints of people, and every stored secret.</summary>
/// <remarks>Every method is one short transaction of its own. Texts of secrets are kept as given; protecting them is the caller's.</remarks>
public interface IEndpointRegistryStore
{
    /// <summary>Whether what is kept outlives the process, so that secrets must not be kept as plain text.</summary>
    bool IsDurable { get; }

    /// <summary>Adds an endpoint with its secrets.</summary>
    /// <param name="endpoint">The endpoint; its <see cref="RegisteredEndpoint.Secrets"/> and headers are not looked at.</param>
    /// <param name="secrets">Its secrets and the values of its headers.</param>
    /// <param name="maxOfTenant">How many endpoints its tenant may have, this one included; declared ones are not counted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="false"/> when the tenant has that many already.</returns>
    ValueTask<bool> AddAsync(
        RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> secrets, int maxOfTenant, CancellationToken cancellationToken);

    /// <summary>Finds an endpoint, a declared one too; without its secrets and headers.</summary>
    ValueTask<RegisteredEndpoint?> FindAsync(EndpointId id, CancellationToken cancellationToken);

    /// <summary>Reads endpoints in the order of their ids; without their secrets and headers.</summary>
    /// <param name="query">Which; cursor and page size are not looked at.</param>
    /// <param name="after">Begins behind this endpoint; <see langword="null"/> begins with the first.</param>
    /// <param name="maxEndpoints">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<RegisteredEndpoint>> ListAsync(
        EndpointQuery query, EndpointId? after, int maxEndpoints, CancellationToken cancellationToken);

    /// <summary>Changes an endpoint that is not declared, if its versions are still those given.</summary>
    /// <returns><see langword="false"/> when they are not, or there is no such endpoint.</returns>
    ValueTask<bool> UpdateAsync(EndpointChange change, CancellationToken cancellationToken);

    /// <summary>Deletes an endpoint that is not declared, with its secrets.</summary>
    /// <remarks>
    /// Its state stays, disabled as <see cref="EndpointStatusReason.Deleted"/>: by that whatever is still pending for it is
    /// found and canceled by <see cref="Deliveries.IDeliveryStore.SkipDisabledAsync"/>. In the end
    /// <see cref="Retention.IRetentionStore.DeleteEndpointsAsync"/> deletes that too.
    /// </remarks>
    /// <returns><see langword="false"/> when there is no such endpoint.</returns>
    ValueTask<bool> DeleteAsync(EndpointId id, CancellationToken cancellationToken);

    /// <summary>Reads the secrets of endpoints in one go; endpoints that do not exist are left out.</summary>
    ValueTask<IReadOnlyList<EndpointSecrets>> GetSecretsAsync(IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken);

    /// <summary>Finds endpoints with a secret that another key protects, or that expired, in the order of their ids.</summary>
    /// <param name="keyId">The key that should protect every secret; <see langword="null"/> looks for expired ones alone.</param>
    /// <param name="expiredBefore">The instant before which a secret has expired.</param>
    /// <param name="after">Begins behind this endpoint.</param>
    /// <param name="maxEndpoints">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<EndpointId>> FindOutdatedSecretsAsync(
        string? keyId, DateTimeOffset expiredBefore, EndpointId after, int maxEndpoints, CancellationToken cancellationToken);

    /// <summary>Finds endpoints with a signing secret that is about to expire and of which that was not told, in the order of their ids.</summary>
    /// <param name="before">The instant before which it will have expired.</param>
    /// <param name="after">Begins behind this endpoint.</param>
    /// <param name="maxEndpoints">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<EndpointId>> FindExpiringSecretsAsync(
        DateTimeOffset before, EndpointId after, int maxEndpoints, CancellationToken cancellationToken);

    /// <summary>Reads the canary; <see langword="null"/> when there is none yet.</summary>
    ValueTask<StoredSecret?> FindCanaryAsync(CancellationToken cancellationToken);

    /// <summary>Puts a canary in place of the given one.</summary>
    /// <param name="expected">The value that is replaced; <see langword="null"/> where there is none.</param>
    /// <param name="canary">The new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="false"/> when another node was faster.</returns>
    ValueTask<bool> ReplaceCanaryAsync(string? expected, StoredSecret canary, CancellationToken cancellationToken);
}
