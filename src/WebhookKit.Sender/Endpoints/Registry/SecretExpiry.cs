using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Publishing;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Tells of each secret once, over all nodes, that it is about to stop signing.</summary>
internal sealed class SecretExpiry(
    IEndpointRegistryStore store,
    OperationalEvents operational,
    DispatchSignal signal,
    IOptions<EndpointRegistryOptions> options,
    TimeProvider timeProvider,
    ILogger<SecretExpiry> logger)
{
    private const int BatchSize = 100;

    public async ValueTask TellAsync(CancellationToken cancellationToken)
    {
        if (!operational.IsOn || options.Value.SecretExpiryNotice == TimeSpan.Zero)
        {
            return;
        }

        var after = default(EndpointId);
        while (true)
        {
            var now = timeProvider.GetUtcNow();
            var before = now + options.Value.SecretExpiryNotice;
            var batch = await store.FindExpiringSecretsAsync(before, after, BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var secrets in await store.GetSecretsAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                await TellAsync(secrets, now, before, cancellationToken).ConfigureAwait(false);
            }

            if (batch.Count < BatchSize)
            {
                return;
            }

            after = batch[^1];
        }
    }

    private async ValueTask TellAsync(EndpointSecrets secrets, DateTimeOffset now, DateTimeOffset before, CancellationToken cancellationToken)
    {
        StoredSecret[] expiring = [.. secrets.Secrets.Where(secret => IsExpiring(secret, before))];
        WebhookMessage[] messages = [.. expiring.Where(secret => secret.ExpiresAt > now).SelectMany(secret => Messages(secrets, secret))];

        // Another node, or a rotation, may have been faster: then this version is gone, and the next run looks again.
        var isTold = expiring.Length > 0 && await store.UpdateAsync(
            new EndpointChange
            {
                Id = secrets.EndpointId,
                Secrets = [.. secrets.Secrets.Select(secret => IsExpiring(secret, before) ? secret with { IsExpiryTold = true } : secret)],
                SecretsVersion = secrets.Version,
                Messages = messages,
                At = now,
            },
            cancellationToken).ConfigureAwait(false);
        if (isTold && messages.Length > 0)
        {
            signal.Committed(messages);
            logger.SecretExpiring(secrets.EndpointId, expiring.Min(secret => secret.ExpiresAt));
        }
    }

    private IEnumerable<WebhookMessage> Messages(EndpointSecrets secrets, StoredSecret secret) => operational.Create(
        OperationalEventTypes.SecretExpiring,
        new SecretExpiringEvent
        {
            EndpointId = secrets.EndpointId.ToString(),
            TenantId = secrets.TenantId,
            SecretNumber = secret.Number,
            CreatedAt = secret.CreatedAt,
            ExpiresAt = secret.ExpiresAt!.Value,
        },
        OperationalJson.Default.SecretExpiringEvent,
        secrets.TenantId);

    private static bool IsExpiring(StoredSecret secret, DateTimeOffset before) =>
        secret.Purpose == StoredSecretPurpose.Signing && !secret.IsExpiryTold && secret.ExpiresAt < before;
}
