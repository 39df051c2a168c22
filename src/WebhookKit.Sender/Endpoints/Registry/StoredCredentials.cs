using Microsoft.Extensions.Logging;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Finds the credentials of endpoints of the registry; remembers those last used. Thread-safe.</summary>
/// <remarks>
/// Every attempt brings the versions that its endpoint was read with, so that what is remembered is asked for anew only after
/// a change. A signer that is forgotten is not disposed: an attempt may be using it.
/// </remarks>
internal sealed class StoredCredentials(
    SecretVault vault,
    EndpointPolicies policies,
    TimeProvider timeProvider,
    AccessTokens tokens,
    IServiceProvider services,
    ILogger<StoredCredentials> logger,
    IEndpointRegistryStore? store = null)
{
    private static readonly TimeSpan RetryUnreadableAfter = TimeSpan.FromSeconds(30);

    private readonly RecentlyUsed<EndpointId, Entry> _entries = new(maxRecent: 10_000);
    private readonly SecretLoader? _loader = store is null ? null : new SecretLoader(store);

    /// <exception cref="InvalidOperationException">The store could not be asked.</exception>
    public ValueTask<EndpointCredentials> GetAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        _entries.TryGet(endpoint.Id, out var entry) && IsCurrent(entry, endpoint)
            ? ValueTask.FromResult(entry.Credentials)
            : new ValueTask<EndpointCredentials>(FindAsync(endpoint, entry, cancellationToken));

    private async Task<EndpointCredentials> FindAsync(WebhookEndpoint endpoint, Entry? known, CancellationToken cancellationToken)
    {
        var secrets = known?.Secrets;
        if (secrets is null || secrets.Version < endpoint.SecretsVersion || !UrlOrigin.IsSame(secrets.Url, endpoint.Url))
        {
            secrets = await LoadAsync(endpoint.Id, cancellationToken).ConfigureAwait(false);
        }

        if (secrets is null)
        {
            return EndpointCredentials.Missing("The endpoint has just been deleted.");
        }

        if (!UrlOrigin.IsSame(secrets.Url, endpoint.Url))
        {
            // The attempt was prepared for the host before; what is stored now is meant for the new one.
            return EndpointCredentials.Missing("The endpoint's URL has just been changed: the next attempt goes to the new one.");
        }

        var entry = Read(endpoint, secrets);
        _entries.Set(endpoint.Id, entry);
        return entry.Credentials;
    }

    private bool IsCurrent(Entry entry, WebhookEndpoint endpoint) =>
        entry.Secrets.Version >= endpoint.SecretsVersion
        && entry.Version >= endpoint.Version
        && entry.ValidUntil > timeProvider.GetUtcNow()
        && UrlOrigin.IsSame(entry.Secrets.Url, endpoint.Url);

    private async Task<EndpointSecrets?> LoadAsync(EndpointId id, CancellationToken cancellationToken)
    {
        try
        {
            return _loader is null ? null : await _loader.LoadAsync(id).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Told apart from what the exchange itself can throw: a store that fails is not the endpoint's fault.
            throw new InvalidOperationException("The endpoint's secrets could not be read from the store.", exception);
        }
    }

    private Entry Read(WebhookEndpoint endpoint, EndpointSecrets secrets)
    {
        var now = timeProvider.GetUtcNow();
        StoredSecret[] live = [.. secrets.Secrets.Where(secret => secret.ExpiresAt is null || secret.ExpiresAt > now)];
        var credentials = Read(endpoint, secrets, live);
        if (credentials.Error is { } error)
        {
            logger.CredentialsUnreadable(endpoint.Id, error);
            return new Entry(credentials, secrets, endpoint.Version, now + RetryUnreadableAfter);
        }

        var until = live.Min(secret => secret.ExpiresAt) ?? DateTimeOffset.MaxValue;
        return new Entry(credentials, secrets, endpoint.Version, until);
    }

    private EndpointCredentials Read(WebhookEndpoint endpoint, EndpointSecrets secrets, StoredSecret[] live)
    {
        var policy = policies.Of(endpoint);
        if (!policies.TryFindScheme(policy, out var scheme))
        {
            return EndpointCredentials.Missing($"This sender does not know the signature scheme '{policy.SignatureScheme}': add it by AddSignatureScheme.");
        }

        var texts = new List<string>();
        var headers = new List<KeyValuePair<string, string>>();
        EndpointAuthorization? authorization = null;

        // The newest first, as a receiver that looks at one signature alone would want it.
        foreach (var secret in live.OrderByDescending(secret => secret.Number))
        {
            var (text, unreadable) = vault.Read(secret, secrets.TenantId, secrets.EndpointId);
            if ((unreadable ?? (secret.Purpose == StoredSecretPurpose.Signing ? scheme.ValidateSecret(text) : null)) is { } error)
            {
                return EndpointCredentials.Missing(error);
            }

            switch (secret.Purpose)
            {
                case StoredSecretPurpose.Header:
                    headers.Add(new(secret.Name!, text!));
                    break;
                case StoredSecretPurpose.Authorization when AuthorizationJson.Read(text) is { } read:
                    authorization = read;
                    break;
                case StoredSecretPurpose.Authorization:
                    return EndpointCredentials.Missing("This sender does not know the kind of authorization that is stored: set it again.");
                default:
                    texts.Add(text!);
                    break;
            }
        }

        if (texts.Count == 0)
        {
            return EndpointCredentials.Missing("The endpoint has no secret that is still valid: rotate it.");
        }

        var signer = scheme.CreateSigner(new SignerContext
        {
            Secrets = texts,
            HeaderPrefix = policy.SignatureHeaderPrefix ?? scheme.HeaderPrefix,
            Services = services,
        });
        return EndpointCredentials.Of(endpoint.Id, signer, headers, authorization, tokens);
    }

    /// <param name="Credentials">What was made of them.</param>
    /// <param name="Secrets">As they are stored.</param>
    /// <param name="Version">The version of the endpoint whose policy was used.</param>
    /// <param name="ValidUntil">When a secret expires, or one that could not be read is tried again.</param>
    private sealed record Entry(EndpointCredentials Credentials, EndpointSecrets Secrets, long Version, DateTimeOffset ValidUntil);
}
