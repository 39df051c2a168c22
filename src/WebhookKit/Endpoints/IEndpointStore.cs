namespace WebhookKit.Endpoints;

/// <summary>Keeps endpoints and what all nodes know about their health.</summary>
public interface IEndpointStore
{
    /// <summary>Makes the declared endpoints of the store be exactly those of the given deployment.</summary>
    /// <remarks>
    /// Inserts and updates by id; a declared endpoint that is enabled and not listed is disabled as
    /// <see cref="EndpointStatusReason.NotDeclared"/>, and enabled again when it is declared again. One that is paused
    /// or disabled for another reason keeps its status. When the store has seen a newer deployment, nothing changes.
    /// </remarks>
    /// <param name="endpoints">Every declared endpoint; ids derived by <see cref="EndpointId.Declared"/>.</param>
    /// <param name="deployment">Orders deployments; the greatest wins, equal ones replace each other.</param>
    /// <param name="cancellationToken">Gives up before anything is stored.</param>
    ValueTask DeclareAsync(IReadOnlyList<WebhookEndpoint> endpoints, long deployment, CancellationToken cancellationToken);

    /// <summary>Reads every endpoint, whatever its status, of the given tenants in one go.</summary>
    /// <param name="tenantIds">The tenants; <see langword="null"/> stands for endpoints without a tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<WebhookEndpoint>> GetByTenantsAsync(IReadOnlyCollection<string?> tenantIds, CancellationToken cancellationToken);

    /// <summary>Reads endpoints by id in one go; ids that do not exist are left out.</summary>
    ValueTask<IReadOnlyList<WebhookEndpoint>> GetAsync(IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken);

    /// <summary>Reads the health of endpoints in one go; an endpoint without any outcome yet is left out.</summary>
    ValueTask<IReadOnlyList<EndpointState>> GetStatesAsync(IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken);

    /// <summary>Sets the rates in force, by which <see cref="Deliveries.IDeliveryStore.LeaseAsync"/> spaces requests.</summary>
    /// <param name="rates">Endpoints with their rate, or none; those that do not exist are passed over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask SetRatesAsync(IReadOnlyDictionary<EndpointId, EndpointRate?> rates, CancellationToken cancellationToken);

    /// <summary>Sets an endpoint's status; one that is enabled starts afresh, as <see cref="EndpointHealthRules.Reset"/> says.</summary>
    /// <returns><see langword="false"/> when there is no such endpoint, or it is erased with its tenant: that is for good.</returns>
    ValueTask<bool> SetStatusAsync(EndpointId id, EndpointStatus status, EndpointStatusReason reason, CancellationToken cancellationToken);
}
