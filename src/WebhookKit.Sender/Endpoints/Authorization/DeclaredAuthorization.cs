using Microsoft.Extensions.Configuration;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>The authorization of a declared endpoint as the configuration says it: <c>Type</c> and what belongs to it.</summary>
internal static class DeclaredAuthorization
{
    private const string Types = "'Basic' (with UserName and Password), 'Bearer' (Token), 'ApiKey' (Header and Key) or 'ClientCredentials' "
        + "(TokenUrl, ClientId and ClientSecret; optionally Scope, Audience and SendsSecretInBody)";

    public static EndpointAuthorization? Read(IConfigurationSection section, List<string> errors)
    {
        if (!section.Exists())
        {
            return null;
        }

        var text = section["Type"];
        if (!Enum.TryParse<AuthorizationKind>(text, ignoreCase: true, out var kind))
        {
            errors.Add($"{section.Path}:Type is '{text}'. Set it to {Types}.");
            return null;
        }

        switch (kind)
        {
            case AuthorizationKind.Basic:
                return EndpointAuthorization.Basic(section["UserName"] ?? "", section["Password"] ?? "");
            case AuthorizationKind.Bearer:
                return EndpointAuthorization.Bearer(section["Token"] ?? "");
            case AuthorizationKind.ApiKey:
                return EndpointAuthorization.ApiKey(section["Header"] ?? "", section["Key"] ?? "");
            case AuthorizationKind.ClientCredentials:
                return EndpointAuthorization.ClientCredentials(
                    section["TokenUrl"] ?? "", section["ClientId"] ?? "", section["ClientSecret"] ?? "") with
                {
                    Scope = section["Scope"],
                    Audience = section["Audience"],
                    SendsSecretInBody = bool.TryParse(section["SendsSecretInBody"], out var flag) && flag,
                };
            default:
                errors.Add($"{section.Path}:Type is '{text}'. Set it to {Types}.");
                return null;
        }
    }
}
