using WebhookKit.NetworkSafety;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>How an endpoint's requests are signed and authorized, as declared; it holds secrets and is never written out.</summary>
internal sealed class EndpointSigning(
    SignatureScheme scheme, string headerPrefix, IReadOnlyList<string> secrets, EndpointAuthorization? authorization)
{
    public SignatureScheme Scheme => scheme;

    public string HeaderPrefix => headerPrefix;

    public IReadOnlyList<string> Secrets => secrets;

    public EndpointAuthorization? Authorization => authorization;

    public IWebhookSigner CreateSigner(IServiceProvider services) => scheme.CreateSigner(
        new SignerContext { Secrets = secrets, HeaderPrefix = headerPrefix, Services = services });

    /// <summary>Reads what a declaration says; what is wrong with it is added to the errors.</summary>
    public static EndpointSigning Read(
        EndpointDeclaration declaration, DeclaredSecrets secrets, NetworkPolicy network, List<string> errors)
    {
        var scheme = declaration.SignatureScheme;
        var prefix = declaration.SignatureHeaderPrefix ?? scheme.HeaderPrefix;
        if (!SignatureScheme.IsValidHeaderPrefix(prefix))
        {
            errors.Add($"The endpoint '{declaration.Name}' has the signature header prefix '{prefix}'. "
                + "Use 1 to 64 ASCII letters, digits or '-', without '-' at either end, such as 'acme'.");
        }

        return new EndpointSigning(
            scheme, prefix, secrets.Read(declaration, errors), secrets.ReadAuthorization(declaration, network, prefix, errors));
    }
}
