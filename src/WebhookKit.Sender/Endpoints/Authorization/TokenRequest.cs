using System.Net;
using System.Text;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>The request for an access token (RFC 6749 section 4.4.2).</summary>
internal static class TokenRequest
{
    public static HttpRequestMessage Create(Uri url, ClientCredentialsAuthorization client)
    {
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        Add(form, "scope", client.Scope);
        Add(form, "audience", client.Audience);
        if (client.SendsSecretInBody)
        {
            Add(form, "client_id", client.ClientId);
            Add(form, "client_secret", client.ClientSecret);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new FormUrlEncodedContent(form),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", Sending.AttemptRequest.UserAgent);
        if (!client.SendsSecretInBody)
        {
            // RFC 6749 section 2.3.1: each is form-encoded before both are put together.
            request.Headers.TryAddWithoutValidation(
                AuthorizationHeaders.Authorization,
                AuthorizationHeaders.OfBasic(WebUtility.UrlEncode(client.ClientId), WebUtility.UrlEncode(client.ClientSecret)));
        }

        return request;
    }

    private static void Add(List<KeyValuePair<string, string>> form, string name, string? value)
    {
        if (value is not null)
        {
            form.Add(new(name, value));
        }
    }
}
