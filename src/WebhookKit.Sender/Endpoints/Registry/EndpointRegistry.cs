using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.Identifiers;
using WebhookKit.Publishing;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Validates and protects what people say, and leaves keeping it to the store.</summary>
internal sealed class EndpointRegistry(
    IEndpointRegistryStore store,
    IEndpointStore endpoints,
    IDeliveryStore deliveries,
    SettingsValidator validator,
    SecretSet secrets,
    SecretCanary canary,
    EndpointEdits edits,
    IdGenerator ids,
    DispatchSignal signal,
    TimeProvider timeProvider,
    IOptions<EndpointRegistryOptions> options) : IWebhookEndpoints
{
    private const int CancelBatch = 500;

    public async ValueTask<EndpointResult> CreateAsync(NewEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var errors = new List<string>();
        if (endpoint.TenantId is { Length: 0 or > MessageDefaults.MaxKeyLength } tenant)
        {
            errors.Add($"The tenant id has {tenant.Length} characters: use 1 to {MessageDefaults.MaxKeyLength}, or none.");
        }

        var settings = validator.Validate(endpoint.Settings, endpoint.TenantId, errors);
        if (validator.CheckHeaders(endpoint.Headers, settings.Policy, endpoint.TenantId) is { } headerError)
        {
            errors.Add(headerError);
        }

        validator.CheckAuthorization(endpoint.Authorization, endpoint.Headers.Keys, settings.Policy, endpoint.TenantId, errors);
        var added = secrets.Choose(endpoint.Secret, endpoint.UseSigningKey, validator.FindScheme(settings.Policy, endpoint.TenantId), errors);
        if (errors.Count > 0)
        {
            return Results.Invalid(errors);
        }

        if (await canary.CheckAsync(cancellationToken).ConfigureAwait(false) is { } unreadable)
        {
            return Results.Unreadable(unreadable);
        }

        var now = timeProvider.GetUtcNow();
        var created = new RegisteredEndpoint
        {
            Id = ids.NewEndpointId(),
            TenantId = endpoint.TenantId,
            Settings = settings,
            Rate = validator.RateOf(settings.Policy, endpoint.TenantId),
            Status = endpoint.IsPaused ? EndpointStatus.Paused : EndpointStatus.Enabled,
            StatusReason = endpoint.IsPaused ? EndpointStatusReason.ByUser : EndpointStatusReason.None,
            Version = 1,
            SecretsVersion = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        IReadOnlyList<StoredSecret> stored =
        [
            secrets.Protect(created, number: 1, added!, now),
            .. secrets.ProtectHeaders(created, endpoint.Headers, now),
            .. secrets.ProtectAuthorization(created, endpoint.Authorization, now),
        ];
        var most = options.Value.MaxEndpointsPerTenant;
        return await store.AddAsync(created, stored, most, cancellationToken).ConfigureAwait(false)
            ? Results.Done(SecretSet.Show(created, stored), SecretSet.OfReceiver(added!))
            : Results.LimitReached($"The tenant has {most:N0} endpoints already: delete one, or raise EndpointRegistryOptions.MaxEndpointsPerTenant.");
    }

    public ValueTask<RegisteredEndpoint?> FindAsync(EndpointId id, CancellationToken cancellationToken = default) =>
        edits.FindAsync(id, cancellationToken);

    public async ValueTask<EndpointPage> ListAsync(EndpointQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.PageSize is < 1 or > EndpointQuery.MaxPageSize)
        {
            throw new ArgumentException($"The page size is {query.PageSize}: use 1 to {EndpointQuery.MaxPageSize}.", nameof(query));
        }

        EndpointId after = default;
        if (query.Cursor is not null && !EndpointId.TryParse(query.Cursor, out after))
        {
            throw new ArgumentException("The cursor is none that a page has given: pass NextCursor of the page before, or none.", nameof(query));
        }

        // One more than shown tells whether another page follows.
        var found = await store.ListAsync(query, query.Cursor is null ? null : after, query.PageSize + 1, cancellationToken).ConfigureAwait(false);
        return found.Count > query.PageSize
            ? new EndpointPage([.. found.Take(query.PageSize)], found[query.PageSize - 1].Id.ToString())
            : new EndpointPage(found, null);
    }

    public async ValueTask<EndpointResult> UpdateAsync(
        EndpointId id,
        long version,
        EndpointSettings settings,
        HostChange onHostChange = HostChange.Refuse,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return await edits.ApplyAsync(id, version, (endpoint, stored, now) =>
        {
            var errors = new List<string>();
            var valid = validator.Validate(settings, endpoint.TenantId, errors);
            if (errors.Count > 0)
            {
                return new EndpointEdit(Results.Invalid(errors));
            }

            var isHostChanged = !UrlOrigin.IsSame(endpoint.Settings.Url, valid.Url);
            if (isHostChanged && onHostChange == HostChange.NewSecret)
            {
                var scheme = validator.FindScheme(valid.Policy, endpoint.TenantId);
                var added = secrets.Choose(null, secrets.HasSigningKey(endpoint, stored), scheme, errors);
                return errors.Count > 0
                    ? new EndpointEdit(Results.Invalid(errors))
                    : new EndpointEdit(valid, [secrets.Protect(endpoint, SecretSet.NextNumber(endpoint), added!, now)], SecretSet.OfReceiver(added!));
            }

            if (isHostChanged && onHostChange != HostChange.KeepSecrets)
            {
                return new EndpointEdit(Results.HostChanged);
            }

            CheckStored(endpoint, stored, valid, errors);
            return errors.Count > 0 ? new EndpointEdit(Results.Invalid(errors)) : new EndpointEdit(valid);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<EndpointResult> SetHeadersAsync(
        EndpointId id, long version, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return await edits.ApplyAsync(id, version, (endpoint, stored, now) =>
            (validator.CheckHeaders(headers, endpoint.Settings.Policy, endpoint.TenantId)
                ?? AuthorizationRules.FindTaken(secrets.FindAuthorizationHeader(endpoint, stored), headers.Keys)) is { } error
                ? new EndpointEdit(Results.Invalid([error]))
                : new EndpointEdit(
                    endpoint.Settings,
                    [
                        .. stored.Where(secret => secret.Purpose != StoredSecretPurpose.Header),
                        .. secrets.ProtectHeaders(endpoint, headers, now),
                    ]),
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<EndpointResult> SetAuthorizationAsync(
        EndpointId id, long version, EndpointAuthorization? authorization, CancellationToken cancellationToken = default) =>
        await edits.ApplyAsync(id, version, (endpoint, stored, now) =>
        {
            var errors = new List<string>();
            var headerNames = stored.Where(secret => secret.Purpose == StoredSecretPurpose.Header).Select(secret => secret.Name!);
            validator.CheckAuthorization(authorization, headerNames, endpoint.Settings.Policy, endpoint.TenantId, errors);
            return errors.Count > 0
                ? new EndpointEdit(Results.Invalid(errors))
                : new EndpointEdit(
                    endpoint.Settings,
                    [
                        .. stored.Where(secret => secret.Purpose != StoredSecretPurpose.Authorization),
                        .. secrets.ProtectAuthorization(endpoint, authorization, now),
                    ]);
        }, cancellationToken).ConfigureAwait(false);

    public ValueTask<EndpointResult> EnableAsync(EndpointId id, CancellationToken cancellationToken = default) =>
        SetStatusAsync(id, EndpointStatus.Enabled, cancellationToken);

    public ValueTask<EndpointResult> PauseAsync(EndpointId id, CancellationToken cancellationToken = default) =>
        SetStatusAsync(id, EndpointStatus.Paused, cancellationToken);

    public ValueTask<EndpointResult> DisableAsync(EndpointId id, CancellationToken cancellationToken = default) =>
        SetStatusAsync(id, EndpointStatus.Disabled, cancellationToken);

    public async ValueTask<EndpointResult> DeleteAsync(EndpointId id, CancellationToken cancellationToken = default)
    {
        if (!await store.DeleteAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } declared
                ? Results.Declared(declared.Name)
                : Results.NotFound;
        }

        // Whatever else is made or handed back for it from now on is found by a dispatcher's sweep.
        while (await deliveries.SkipDisabledAsync(id, CancelBatch, cancellationToken).ConfigureAwait(false) == CancelBatch)
        {
        }

        return Results.Done(null);
    }

    public async ValueTask<EndpointResult> RotateSecretAsync(
        EndpointId id, SecretRotation? rotation = null, CancellationToken cancellationToken = default)
    {
        rotation ??= new SecretRotation();
        if (rotation.Overlap < TimeSpan.Zero || rotation.Overlap > SecretRotation.MaxOverlap)
        {
            return Results.Invalid([$"The overlap is {rotation.Overlap}: use zero to {SecretRotation.MaxOverlap.Days} days."]);
        }

        return await edits.ApplyAsync(id, version: null, (endpoint, stored, now) =>
        {
            var errors = new List<string>();
            var scheme = validator.FindScheme(endpoint.Settings.Policy, endpoint.TenantId);
            var added = secrets.Choose(rotation.Secret, rotation.UseSigningKey, scheme, errors);
            if (errors.Count > 0)
            {
                return new EndpointEdit(Results.Invalid(errors));
            }

            var kept = SecretSet.Expire(stored, now, rotation.Overlap);
            if (kept.Count(secret => secret.Purpose == StoredSecretPurpose.Signing) >= scheme!.MaxSecrets)
            {
                return new EndpointEdit(Results.LimitReached(
                    $"The scheme '{scheme}' signs with at most {scheme.MaxSecrets} secrets at once: delete one that receivers no longer need, "
                    + "or rotate with an overlap of zero."));
            }

            return new EndpointEdit(
                null, [secrets.Protect(endpoint, SecretSet.NextNumber(endpoint), added!, now), .. kept], SecretSet.OfReceiver(added!));
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<EndpointResult> DeleteSecretAsync(EndpointId id, int number, CancellationToken cancellationToken = default) =>
        await edits.ApplyAsync(id, version: null, (_, stored, now) =>
        {
            StoredSecret[] kept = [.. stored.Where(secret => secret.Purpose != StoredSecretPurpose.Signing || secret.Number != number)];
            return kept.Length == stored.Count ? new EndpointEdit(Results.Invalid([$"The endpoint has no secret {number}: see RegisteredEndpoint.Secrets."]))
                : !kept.Any(secret => secret.Purpose == StoredSecretPurpose.Signing && secret.ExpiresAt is null)
                    ? new EndpointEdit(Results.Invalid(["The newest secret cannot be deleted: rotate with an overlap of zero instead."]))
                    : new EndpointEdit(null, kept);
        }, cancellationToken).ConfigureAwait(false);

    // What is stored has to fit the new policy: an attempt could not be signed otherwise.
    private void CheckStored(RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> stored, EndpointSettings settings, List<string> errors)
    {
        IEnumerable<string> names = stored.Where(secret => secret.Purpose == StoredSecretPurpose.Header).Select(secret => secret.Name!);
        if (secrets.FindAuthorizationHeader(endpoint, stored) is { } authorizing)
        {
            names = names.Append(authorizing);
        }

        if (validator.CheckHeaders(names.Select(name => KeyValuePair.Create(name, "")), settings.Policy, endpoint.TenantId) is { } headerError)
        {
            errors.Add(headerError);
        }

        var scheme = validator.FindScheme(settings.Policy, endpoint.TenantId);
        if (scheme is not null && scheme != validator.FindScheme(endpoint.Settings.Policy, endpoint.TenantId))
        {
            secrets.CheckScheme(endpoint, stored, scheme, timeProvider.GetUtcNow(), errors);
        }
    }

    private async ValueTask<EndpointResult> SetStatusAsync(EndpointId id, EndpointStatus status, CancellationToken cancellationToken)
    {
        var endpoint = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        switch (endpoint)
        {
            case null:
                return Results.NotFound;
            case { StatusReason: EndpointStatusReason.Erased }:
                return Results.Erased;
            case { StatusReason: EndpointStatusReason.NotDeclared } when status != EndpointStatus.Disabled:
                return Results.NoLongerDeclared(endpoint.Name);
            case { } when endpoint.Status != status:
                if (!await endpoints.SetStatusAsync(id, status, EndpointStatusReason.ByUser, cancellationToken).ConfigureAwait(false))
                {
                    // Deleted or erased since it was read.
                    return await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is null ? Results.NotFound : Results.Erased;
                }

                signal.WakeFor(WaitingWork.Deliveries);
                signal.WakeOthers(WaitingWork.Deliveries);
                break;
        }

        return await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } changed ? Results.Done(changed) : Results.NotFound;
    }
}
