namespace WebhookKit.Endpoints.Registry;

/// <summary>Reads an endpoint, has an edit decided about, and writes it if nobody else has written meanwhile.</summary>
internal sealed class EndpointEdits(
    IEndpointRegistryStore store, SettingsValidator validator, SecretCanary canary, TimeProvider timeProvider)
{
    // Each turn is lost to somebody who has got further meanwhile.
    private const int MaxTurns = 10;

    /// <summary>Finds an endpoint with what may be shown of its secrets.</summary>
    public async ValueTask<RegisteredEndpoint?> FindAsync(EndpointId id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } endpoint)
        {
            return null;
        }

        var stored = await store.GetSecretsAsync([id], cancellationToken).ConfigureAwait(false);
        return SecretSet.Show(endpoint, stored.SingleOrDefault()?.Secrets ?? []);
    }

    /// <param name="id">The endpoint.</param>
    /// <param name="version">The version that was read; null for an edit that goes with any.</param>
    /// <param name="decide">Given the endpoint, its stored secrets and the time; asked again when somebody else was faster.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<EndpointResult> ApplyAsync(
        EndpointId id,
        long? version,
        Func<RegisteredEndpoint, IReadOnlyList<StoredSecret>, DateTimeOffset, EndpointEdit> decide,
        CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            var stored = (await store.GetSecretsAsync([id], cancellationToken).ConfigureAwait(false)).SingleOrDefault();
            var endpoint = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (Refuse(endpoint, version) is { } refused)
            {
                return refused;
            }

            if (stored?.Version != endpoint!.SecretsVersion)
            {
                continue;
            }

            var now = timeProvider.GetUtcNow();
            var edit = decide(endpoint, stored.Secrets, now);
            if (edit.Refusal is { } refusal)
            {
                return refusal;
            }

            if (edit.Secrets is not null && await canary.CheckAsync(cancellationToken).ConfigureAwait(false) is { } unreadable)
            {
                return Results.Unreadable(unreadable);
            }

            var change = new EndpointChange
            {
                Id = id,
                Version = version,
                Settings = edit.Settings,
                Rate = edit.Settings is { } settings ? validator.RateOf(settings.Policy, endpoint.TenantId) : null,
                Secrets = edit.Secrets,
                SecretsVersion = stored.Version,
                At = now,
            };
            if (await store.UpdateAsync(change, cancellationToken).ConfigureAwait(false))
            {
                return Results.Done(await FindAsync(id, cancellationToken).ConfigureAwait(false), edit.ReceiverSecret);
            }
        }

        return Results.Changed;
    }

    private static EndpointResult? Refuse(RegisteredEndpoint? endpoint, long? version) =>
        endpoint is null ? Results.NotFound
        : endpoint.IsDeclared ? Results.Declared(endpoint.Name)
        : endpoint.StatusReason == EndpointStatusReason.Erased ? Results.Erased
        : version is not null && version != endpoint.Version ? Results.Changed
        : null;
}
