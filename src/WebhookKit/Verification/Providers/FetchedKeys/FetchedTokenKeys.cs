using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>The keys a provider publishes as a JSON Web Key Set (RFC 7517, 5), fetched when one is named that is not known.</summary>
/// <remarks>
/// A set is good for an hour, and for a day while it cannot be fetched anew. Keys that are replaced are left to the garbage
/// collector: a request may still be verifying.
/// </remarks>
internal sealed class FetchedTokenKeys(Uri url, string algorithm, VerifierContext context) : ITokenKeys
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsableFor = TimeSpan.FromDays(1);

    private readonly FetchBudget _budget = new(context.TimeProvider);
    private readonly SemaphoreSlim _fetching = new(1);
    private volatile KeySet? _keys;

    public async ValueTask<TokenKey> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (keyId is null)
        {
            return TokenKey.None(VerificationStatus.UntrustedKey);
        }

        if (Find(keyId, FreshFor) is { } known)
        {
            return known;
        }

        await _fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Find(keyId, FreshFor) is null && _budget.TrySpend())
            {
                var json = await KeyClient.FetchAsync(context.KeyClient, url).ConfigureAwait(false);
                _keys = json is not null && Read(json) is { } fetched ? new KeySet(fetched, context.TimeProvider.GetUtcNow()) : _keys;
            }
        }
        finally
        {
            _fetching.Release();
        }

        return Find(keyId, UsableFor)
            ?? TokenKey.None(_keys is { } keys && Age(keys) < UsableFor ? VerificationStatus.UntrustedKey : VerificationStatus.KeyUnavailable);
    }

    public void Dispose() => _fetching.Dispose();

    private TokenKey? Find(string keyId, TimeSpan maxAge) =>
        _keys is { } keys && Age(keys) < maxAge && keys.ById.TryGetValue(keyId, out var key)
            ? new TokenKey(key, 0, VerificationStatus.None)
            : null;

    private TimeSpan Age(KeySet keys) => context.TimeProvider.GetUtcNow() - keys.FetchedAt;

    private Dictionary<string, IPublicKey>? Read(byte[] json)
    {
        if (!StrictJson.TryParse(json, out var root)
            || root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("keys", out var list)
            || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var keys = new Dictionary<string, IPublicKey>(StringComparer.Ordinal);
        foreach (var item in list.EnumerateArray())
        {
            if (JsonWebKey.TryRead(item, out var parsed) && parsed.Id is { } id && GivenTokenKeys.Read(item.GetRawText(), algorithm) is { } key)
            {
                keys[id] = key;
            }
        }

        return keys;
    }

    private sealed record KeySet(Dictionary<string, IPublicKey> ById, DateTimeOffset FetchedAt);
}
