using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebhookKit.Endpoints.Registry;

/// <summary>
/// Looks at start whether stored secrets can be read; then, now and again, protects with the newest key what an older one
/// protects, tells of secrets that will expire, and deletes those that have.
/// </summary>
internal sealed class SecretUpkeep(
    IServiceProvider services, SecretVault vault, TimeProvider timeProvider, ILogger<SecretUpkeep> logger)
    : BackgroundService
{
    private const int BatchSize = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan UnreadableInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private readonly Random _random = new();

    // Not before the start-up checks, of which one reports that there is no store.
    private readonly Lazy<IEndpointRegistryStore> _store = new(services.GetRequiredService<IEndpointRegistryStore>);
    private readonly Lazy<SecretCanary> _canary = new(services.GetRequiredService<SecretCanary>);
    private readonly Lazy<SecretExpiry> _expiry = new(services.GetRequiredService<SecretExpiry>);

    /// <summary>Runs once over all endpoints; what is interrupted goes on with the next run.</summary>
    /// <returns>How many endpoints were changed.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        await _expiry.Value.TellAsync(cancellationToken).ConfigureAwait(false);

        // Nothing is protected anew while the ring is not the one that protected the rest.
        if (await _canary.Value.CheckAsync(cancellationToken).ConfigureAwait(false) is not null)
        {
            return 0;
        }

        var keyId = await _canary.Value.RenewAsync(cancellationToken).ConfigureAwait(false);
        var changed = 0;
        var after = default(EndpointId);
        while (true)
        {
            var now = timeProvider.GetUtcNow();
            var batch = await _store.Value.FindOutdatedSecretsAsync(keyId, now, after, BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var secrets in await _store.Value.GetSecretsAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                changed += await RenewAsync(secrets, keyId, now, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            if (batch.Count < BatchSize)
            {
                return changed;
            }

            after = batch[^1];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = TimeSpan.Zero;
        var isFailing = false;
        while (true)
        {
            // Nodes that start together should not all do the same work.
            await Task.Delay(delay * (0.5 + (_random.NextDouble() / 2)), timeProvider, stoppingToken).ConfigureAwait(false);
            try
            {
                var changed = await RunAsync(stoppingToken).ConfigureAwait(false);
                if (changed > 0)
                {
                    logger.SecretsRenewed(changed);
                }

                delay = _canary.Value.Error is null ? Interval : UnreadableInterval;
                isFailing = false;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isFailing)
                {
                    logger.SecretUpkeepFailed(exception);
                }

                delay = !isFailing ? FirstDelay : delay * 2 < Interval ? delay * 2 : Interval;
                isFailing = true;
            }
        }
    }

    private async ValueTask<bool> RenewAsync(
        EndpointSecrets secrets, string? keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = new List<StoredSecret>();
        var isChanged = false;
        foreach (var secret in secrets.Secrets)
        {
            if (secret.ExpiresAt < now)
            {
                isChanged = true;
                continue;
            }

            var renewed = Renew(secret, secrets, keyId);
            isChanged |= !ReferenceEquals(renewed, secret);
            kept.Add(renewed);
        }

        // Another node, or a rotation, may have been faster: then this version is gone, and the next run looks again.
        return isChanged && await _store.Value.UpdateAsync(
            new EndpointChange { Id = secrets.EndpointId, Secrets = kept, SecretsVersion = secrets.Version, At = now },
            cancellationToken).ConfigureAwait(false);
    }

    private StoredSecret Renew(StoredSecret secret, EndpointSecrets secrets, string? keyId)
    {
        if (keyId is null || secret.KeyId == keyId)
        {
            return secret;
        }

        var (text, error) = vault.Read(secret, secrets.TenantId, secrets.EndpointId);
        if (error is not null)
        {
            logger.CredentialsUnreadable(secrets.EndpointId, error);
            return secret;
        }

        return vault.Protect(secret, text!, secrets.TenantId, secrets.EndpointId);
    }
}
