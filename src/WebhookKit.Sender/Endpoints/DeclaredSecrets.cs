using Microsoft.Extensions.Logging;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.NetworkSafety;
using WebhookKit.Secrets;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>Reads the secrets of declared endpoints, protected ones too. One that cannot be read is an error, never a key.</summary>
internal sealed class DeclaredSecrets(ILogger<DeclaredSecrets> logger, ISecretProtector? protector = null)
{
    public IReadOnlyList<string> Read(EndpointDeclaration declaration, List<string> errors)
    {
        var key = declaration.KeyOf(nameof(declaration.Secrets));
        CheckCount(declaration, key, errors);

        var secrets = new List<string>();
        for (var index = 0; index < declaration.Secrets.Count; index++)
        {
            var (text, unreadable) = Unprotect(declaration, declaration.Secrets[index], $"{key}:{index}");
            if ((unreadable ?? declaration.SignatureScheme.ValidateSecret(text)) is { } error)
            {
                errors.Add($"The endpoint '{declaration.Name}' cannot use the secret {key}:{index}. {error}");
            }
            else
            {
                secrets.Add(text!);
            }
        }

        return secrets;
    }

    /// <summary>Reads what authorizes an endpoint's requests; of its texts, those that are secret may be protected.</summary>
    public EndpointAuthorization? ReadAuthorization(
        EndpointDeclaration declaration, NetworkPolicy network, string signaturePrefix, List<string> errors)
    {
        if (declaration.Authorization is not { } declared)
        {
            return null;
        }

        var key = declaration.KeyOf(nameof(declaration.Authorization));
        var found = new List<string>();
        var authorization = declared switch
        {
            BasicAuthorization basic => basic with { Password = Read(basic.Password) },
            BearerAuthorization bearer => bearer with { Token = Read(bearer.Token) },
            ApiKeyAuthorization apiKey => apiKey with { Key = Read(apiKey.Key) },
            ClientCredentialsAuthorization client => client with { ClientSecret = Read(client.ClientSecret) },
            _ => declared,
        };
        if (found.Count == 0)
        {
            AuthorizationRules.Check(authorization, network, signaturePrefix, [], found);
        }

        errors.AddRange(found.Select(error => $"The endpoint '{declaration.Name}' cannot use the authorization {key}. {error}"));
        return authorization;

        string Read(string secret)
        {
            var (text, unreadable) = Unprotect(declaration, secret, key);
            if (unreadable is not null)
            {
                found.Add(unreadable);
            }

            return text ?? "";
        }
    }

    private static void CheckCount(EndpointDeclaration declaration, string key, List<string> errors)
    {
        var most = declaration.SignatureScheme.MaxSecrets;
        if (declaration.Secrets.Count == 0)
        {
            errors.Add($"The endpoint '{declaration.Name}' has no secret. Set {key}, for example: "
                + $"dotnet user-secrets set \"{key}:0\" \"whsec_$(openssl rand -base64 32)\"");
        }
        else if (declaration.Secrets.Count > most)
        {
            errors.Add($"The endpoint '{declaration.Name}' has {declaration.Secrets.Count} secrets. Keep at most {most} under {key}: "
                + $"more cannot sign at once by the scheme '{declaration.SignatureScheme}'.");
        }
    }

    private (string? Secret, string? Error) Unprotect(EndpointDeclaration declaration, string text, string key)
    {
        if (!ProtectedSecret.IsProtected(text))
        {
            return (text, null);
        }

        if (!ProtectedSecret.TryParse(text, out var protectedSecret))
        {
            return (null, "It is not a whole protected secret: copy all of what ISecretProtector.Protect returned.");
        }

        if (protector is null)
        {
            return (null, "It is protected, and nothing here can read it: add .UseDataProtection() of the package WebhookKit.DataProtection.");
        }

        var secret = protector.Unprotect(protectedSecret, SecretOwner.DeclaredEndpoint(declaration.TenantId, declaration.Name));
        if (secret.Status == UnprotectStatus.ReadableWithOldKey)
        {
            logger.SecretUnderOldKey(key, protectedSecret.KeyId);
        }

        return (secret.Secret, secret.Status switch
        {
            UnprotectStatus.Readable or UnprotectStatus.ReadableWithOldKey => null,
            UnprotectStatus.KeyMissing => $"The key {protectedSecret.KeyId} that protects it is missing: bring the key ring back, "
                + "let all nodes share it under one application name, or set a new secret.",
            UnprotectStatus.KeyRevoked => $"The key {protectedSecret.KeyId} that protects it was revoked: set a new secret on both sides.",
            _ => "It was changed, or protected for another tenant or endpoint: protect it again for this one.",
        });
    }
}
