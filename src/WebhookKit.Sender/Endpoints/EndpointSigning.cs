using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>How an endpoint's requests are signed, as declared; it holds secrets and is never written out.</summary>
internal sealed class EndpointSigning(SignatureScheme scheme, string headerPrefix, IReadOnlyList<string> secrets)
{
    public SignatureScheme Scheme => scheme;

    public string HeaderPrefix => headerPrefix;

    public IReadOnlyList<string> Secrets => secrets;

    public IWebhookSigner CreateSigner(IServiceProvider services) => scheme.CreateSigner(
        new SignerContext { Secrets = secrets, HeaderPrefix = headerPrefix, Services = services });

    /// <summary>Reads what a declaration says; what is wrong with it is added to the errors.</summary>
    public static EndpointSigning Read(EndpointDeclaration declaration, List<string> errors)
    {
        var scheme = declaration.SignatureScheme;
        var prefix = declaration.SignatureHeaderPrefix ?? scheme.HeaderPrefix;
        if (!SignatureScheme.IsValidHeaderPrefix(prefix))
        {
            errors.Add($"The endpoint '{declaration.Name}' has the signature header prefix '{prefix}'. "
                + "Use 1 to 64 ASCII letters, digits or '-', without '-' at either end, such as 'acme'.");
        }

        CheckSecrets(declaration, scheme, errors);
        return new EndpointSigning(scheme, prefix, [.. declaration.Secrets]);
    }

    private static void CheckSecrets(EndpointDeclaration declaration, SignatureScheme scheme, List<string> errors)
    {
        var key = declaration.KeyOf(nameof(declaration.Secrets));
        if (declaration.Secrets.Count == 0)
        {
            errors.Add($"The endpoint '{declaration.Name}' has no secret. Set {key}, for example: "
                + $"dotnet user-secrets set \"{key}:0\" \"whsec_$(openssl rand -base64 32)\"");
        }
        else if (declaration.Secrets.Count > scheme.MaxSecrets)
        {
            errors.Add($"The endpoint '{declaration.Name}' has {declaration.Secrets.Count} secrets. Keep at most {scheme.MaxSecrets} under {key}: "
                + $"more cannot sign at once by the scheme '{scheme}'.");
        }

        for (var index = 0; index < declaration.Secrets.Count; index++)
        {
            if (scheme.ValidateSecret(declaration.Secrets[index]) is { } error)
            {
                errors.Add($"The endpoint '{declaration.Name}' cannot use the secret {key}:{index}. {error}");
            }
        }
    }
}
