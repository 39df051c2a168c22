using WebhookKit.Endpoints.Authorization;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Makes, protects and shows the secrets of an endpoint.</summary>
internal sealed class SecretSet(SecretVault vault)
{
    private const string SigningKeyPrefix = "whsk_";

    /// <summary>Gives the secret to add: the one that is brought, or a new one. Null after an error.</summary>
    public string? Choose(string? brought, bool useSigningKey, SignatureScheme? scheme, List<string> errors)
    {
        var chosen = brought ?? (useSigningKey ? WebhookSigningKey.Generate().Reveal() : WebhookSecret.Generate().Reveal());
        if (scheme?.ValidateSecret(chosen) is { } error)
        {
            errors.Add(brought is null
                ? $"The scheme '{scheme}' does not sign with what is generated: bring the secret yourself. {error}"
                : $"The secret cannot be used. {error}");
            return null;
        }

        return chosen;
    }

    /// <summary>What the receiver has to know of a secret: of a signing key the verification key alone.</summary>
    public static string OfReceiver(string secret) =>
        WebhookSigningKey.TryParse(secret, out var key) ? key.VerificationKey.ToString() : secret;

    /// <summary>The number of the secret that is added next; versions never come back, so neither do numbers.</summary>
    public static int NextNumber(RegisteredEndpoint endpoint) => checked((int)(endpoint.SecretsVersion + 1));

    public StoredSecret Protect(RegisteredEndpoint endpoint, int number, string text, DateTimeOffset now) =>
        Protect(endpoint, StoredSecretPurpose.Signing, number, null, text, now);

    public IEnumerable<StoredSecret> ProtectHeaders(
        RegisteredEndpoint endpoint, IReadOnlyDictionary<string, string> headers, DateTimeOffset now) =>
        headers.Select((header, index) => Protect(endpoint, StoredSecretPurpose.Header, index + 1, header.Key, header.Value, now));

    /// <summary>What is stored of an authorization: nothing where there is none.</summary>
    public IEnumerable<StoredSecret> ProtectAuthorization(RegisteredEndpoint endpoint, EndpointAuthorization? authorization, DateTimeOffset now) =>
        authorization is null
            ? []
            : [Protect(endpoint, StoredSecretPurpose.Authorization, 1, authorization.Kind.ToString(), AuthorizationJson.Write(authorization), now)];

    /// <summary>The name of the header that the stored authorization sets; null where there is none.</summary>
    public string? FindAuthorizationHeader(RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> stored) =>
        stored.FirstOrDefault(secret => secret.Purpose == StoredSecretPurpose.Authorization) is { } secret
        && AuthorizationJson.Read(vault.Read(secret, endpoint.TenantId, endpoint.Id).Text) is { } authorization
            ? AuthorizationHeaders.NameOf(authorization)
            : null;

    /// <summary>Lets secrets expire after the overlap, and drops those that have; all else stays.</summary>
    public static List<StoredSecret> Expire(IReadOnlyList<StoredSecret> stored, DateTimeOffset now, TimeSpan overlap)
    {
        var end = now + overlap;
        return
        [
            .. stored
                .Select(secret => secret.Purpose != StoredSecretPurpose.Signing || secret.ExpiresAt <= end ? secret : secret with { ExpiresAt = end })
                .Where(secret => secret.ExpiresAt is null || secret.ExpiresAt > now),
        ];
    }

    /// <summary>Whether the newest secret is a signing key.</summary>
    public bool HasSigningKey(RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> stored)
    {
        var newest = stored.Where(secret => secret.Purpose == StoredSecretPurpose.Signing).MaxBy(secret => secret.Number);
        return newest is not null
            && vault.Read(newest, endpoint.TenantId, endpoint.Id).Text?.StartsWith(SigningKeyPrefix, StringComparison.Ordinal) is true;
    }

    /// <summary>Adds to the errors what keeps the live secrets from signing by a scheme.</summary>
    public void CheckScheme(
        RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> stored, SignatureScheme scheme, DateTimeOffset now, List<string> errors)
    {
        StoredSecret[] live =
            [.. stored.Where(secret => secret.Purpose == StoredSecretPurpose.Signing && !(secret.ExpiresAt <= now))];
        if (live.Length > scheme.MaxSecrets)
        {
            errors.Add($"The endpoint has {live.Length} secrets, and the scheme '{scheme}' signs with at most {scheme.MaxSecrets}: delete old ones first.");
        }

        foreach (var secret in live)
        {
            var (text, unreadable) = vault.Read(secret, endpoint.TenantId, endpoint.Id);
            if ((unreadable ?? scheme.ValidateSecret(text)) is { } error)
            {
                errors.Add($"The secret {secret.Number} cannot sign by the scheme '{scheme}': create another endpoint for it. {error}");
            }
        }
    }

    /// <summary>Adds to an endpoint what may be shown of its secrets and headers.</summary>
    public static RegisteredEndpoint Show(RegisteredEndpoint endpoint, IReadOnlyList<StoredSecret> stored) => endpoint with
    {
        Secrets =
        [
            .. stored.Where(secret => secret.Purpose == StoredSecretPurpose.Signing)
                .Select(secret => new EndpointSecret(secret.Number, secret.CreatedAt, secret.ExpiresAt, secret.KeyId)),
        ],
        HeaderNames = [.. stored.Where(secret => secret.Purpose == StoredSecretPurpose.Header).Select(secret => secret.Name!)],
        Authorization = stored.FirstOrDefault(secret => secret.Purpose == StoredSecretPurpose.Authorization)?.Name is { } kind
            && Enum.TryParse<AuthorizationKind>(kind, out var known) ? known : AuthorizationKind.None,
    };

    private StoredSecret Protect(
        RegisteredEndpoint endpoint, StoredSecretPurpose purpose, int number, string? name, string text, DateTimeOffset now) => new()
        {
            Purpose = purpose,
            Number = number,
            Name = name,
            Value = vault.Protect(text, endpoint.TenantId, endpoint.Id, purpose, name),
            CreatedAt = now,
        };
}
