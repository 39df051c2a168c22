using Microsoft.Extensions.Logging;
using WebhookKit.Secrets;

namespace WebhookKit.Endpoints.Registry;

/// <summary>A row that holds no secret but is protected like one: whether it can be read tells of all others. Thread-safe.</summary>
internal sealed class SecretCanary(IEndpointRegistryStore store, SecretVault vault, TimeProvider timeProvider, ILogger<SecretCanary> logger)
{
    private const string Text = "canary";

    private volatile string? _error;

    /// <summary>Why stored secrets cannot be read, as last seen; null when they can.</summary>
    public string? Error => _error;

    /// <summary>Looks at the canary, and makes one where there is none.</summary>
    /// <returns>Why stored secrets cannot be read; null when they can.</returns>
    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var canary = await store.FindCanaryAsync(cancellationToken).ConfigureAwait(false);
        if (canary is null)
        {
            await store.ReplaceCanaryAsync(null, Create(), cancellationToken).ConfigureAwait(false);
            canary = await store.FindCanaryAsync(cancellationToken).ConfigureAwait(false);
        }

        var (text, error) = canary is null ? (Text, null) : vault.Read(canary, null, default);
        var found = error ?? (text == Text ? null : "The canary among the stored secrets was changed.");
        if (found != _error)
        {
            Report(found);
        }

        return _error = found;
    }

    /// <summary>Gives the id of the key that secrets are protected with now, and protects the canary with it too.</summary>
    /// <returns>Null where nothing protects.</returns>
    public async ValueTask<string?> RenewAsync(CancellationToken cancellationToken)
    {
        var renewed = Create();
        if (renewed.KeyId is { } keyId
            && await store.FindCanaryAsync(cancellationToken).ConfigureAwait(false) is { } canary
            && canary.KeyId != keyId)
        {
            await store.ReplaceCanaryAsync(canary.Value, renewed, cancellationToken).ConfigureAwait(false);
        }

        return renewed.KeyId;
    }

    private StoredSecret Create() => new()
    {
        Purpose = StoredSecretPurpose.Canary,
        Number = 0,
        Value = vault.Protect(Text, null, default, StoredSecretPurpose.Canary),
        CreatedAt = timeProvider.GetUtcNow(),
    };

    private void Report(string? error)
    {
        if (error is null)
        {
            logger.SecretsReadableAgain();
        }
        else
        {
            logger.SecretsUnreadable(error);
        }
    }
}
