using WebhookKit.NetworkSafety;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>Validates what authorizes requests; every error names its cure, and none quotes a secret.</summary>
internal static class AuthorizationRules
{
    private const int MaxPassword = 256;
    private const int MaxToken = 8_192;
    private const int MaxCredential = 1_024;

    /// <summary>Adds to the errors what keeps an authorization from being used.</summary>
    /// <param name="authorization">What is to be validated.</param>
    /// <param name="network">What a token endpoint may be.</param>
    /// <param name="signaturePrefix">The prefix of the signature's headers.</param>
    /// <param name="headerNames">The endpoint's custom headers.</param>
    /// <param name="errors">What is wrong.</param>
    public static void Check(
        EndpointAuthorization authorization,
        NetworkPolicy network,
        string? signaturePrefix,
        IEnumerable<string> headerNames,
        List<string> errors)
    {
        var found = authorization switch
        {
            BasicAuthorization basic => Check(basic),
            BearerAuthorization bearer => IsText(bearer.Token, MaxToken, allowsSpaces: false)
                ? []
                : [$"The token is missing or holds more than visible ASCII characters: use 1 to {MaxToken:N0}, without spaces."],
            ApiKeyAuthorization apiKey => EndpointHeaders.Validate(apiKey.Header, apiKey.Key, signaturePrefix).Error is { } error ? [error] : [],
            ClientCredentialsAuthorization client => Check(client, network),
            _ => Enumerable.Empty<string>(),
        };
        errors.AddRange(found);
        if (FindTaken(AuthorizationHeaders.NameOf(authorization), headerNames) is { } taken)
        {
            errors.Add(taken);
        }
    }

    /// <summary>Says that a custom header is the authorization's too; null where none is.</summary>
    public static string? FindTaken(string? header, IEnumerable<string> headerNames) =>
        header is not null && headerNames.Contains(header, StringComparer.OrdinalIgnoreCase)
            ? $"The header '{header}' is both a custom header and the authorization's: keep one of them."
            : null;

    private static IEnumerable<string> Check(BasicAuthorization basic)
    {
        // RFC 7617 section 2: what follows the first colon is the password.
        if (!IsPrintable(basic.UserName, least: 1) || basic.UserName.Contains(':', StringComparison.Ordinal))
        {
            yield return $"The user name is missing, or holds a colon or a control character: use 1 to {MaxPassword} other characters.";
        }

        if (!IsPrintable(basic.Password, least: 0))
        {
            yield return $"The password holds a control character or is too long: use at most {MaxPassword} other characters.";
        }
    }

    private static IEnumerable<string> Check(ClientCredentialsAuthorization client, NetworkPolicy network)
    {
        if (EndpointUrl.Validate(client.TokenUrl, network).Error is { } error)
        {
            yield return $"The token endpoint cannot be asked. {error}";
        }

        // RFC 6749 appendix A.
        if (!IsText(client.ClientId, MaxCredential, allowsSpaces: true) || !IsText(client.ClientSecret, MaxCredential, allowsSpaces: true))
        {
            yield return $"The client's id or secret is missing or holds more than visible ASCII characters and spaces: use 1 to {MaxCredential:N0}.";
        }

        if ((client.Scope is not null && !IsText(client.Scope, MaxCredential, allowsSpaces: true))
            || (client.Audience is not null && !IsText(client.Audience, MaxCredential, allowsSpaces: true)))
        {
            yield return $"The scope or the audience holds more than visible ASCII characters and spaces: use 1 to {MaxCredential:N0}, or none.";
        }
    }

    private static bool IsText(string? text, int most, bool allowsSpaces) =>
        !string.IsNullOrEmpty(text) && text.Length <= most && !text.AsSpan().ContainsAnyExceptInRange(allowsSpaces ? ' ' : '!', '~');

    private static bool IsPrintable(string? text, int least) =>
        text is not null && text.Length >= least && text.Length <= MaxPassword && !text.Any(char.IsControl);
}
