using System.Text;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>The header by which a request is authorized.</summary>
internal static class AuthorizationHeaders
{
    public const string Authorization = "Authorization";

    public static string NameOf(EndpointAuthorization authorization) =>
        authorization is ApiKeyAuthorization apiKey ? apiKey.Header : Authorization;

    /// <summary>The header of an authorization that is the same for every request; null for one that takes access tokens.</summary>
    public static KeyValuePair<string, string>? Of(EndpointAuthorization authorization) => authorization switch
    {
        BasicAuthorization basic => new(Authorization, OfBasic(basic.UserName, basic.Password)),
        BearerAuthorization bearer => new(Authorization, OfBearer(bearer.Token)),
        ApiKeyAuthorization apiKey => new(apiKey.Header, apiKey.Key),
        _ => null,
    };

    // RFC 7617 section 2.
    public static string OfBasic(string userName, string password) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"))}";

    // RFC 6750 section 2.1.
    public static string OfBearer(string token) => $"Bearer {token}";
}
