using System.Buffers;
using System.Text;
using System.Text.Json;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>An authorization as it is stored, in one piece, so that no part of it can be put together with another's.</summary>
internal static class AuthorizationJson
{
    private const string Kind = "kind";
    private const string UserName = "userName";
    private const string Password = "password";
    private const string Token = "token";
    private const string Header = "header";
    private const string Key = "key";
    private const string TokenUrl = "tokenUrl";
    private const string ClientId = "clientId";
    private const string ClientSecret = "clientSecret";
    private const string Scope = "scope";
    private const string Audience = "audience";
    private const string SendsSecretInBody = "sendsSecretInBody";

    public static string Write(EndpointAuthorization authorization)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(Kind, authorization.Kind.ToString());
            WriteMembers(json, authorization);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <returns>Null for what <see cref="Write"/> did not write, or a later version did.</returns>
    public static EndpointAuthorization? Read(string? text)
    {
        try
        {
            using var document = JsonDocument.Parse(text ?? "");
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, EndpointAuthorization authorization)
    {
        switch (authorization)
        {
            case BasicAuthorization basic:
                json.WriteString(UserName, basic.UserName);
                json.WriteString(Password, basic.Password);
                break;
            case BearerAuthorization bearer:
                json.WriteString(Token, bearer.Token);
                break;
            case ApiKeyAuthorization apiKey:
                json.WriteString(Header, apiKey.Header);
                json.WriteString(Key, apiKey.Key);
                break;
            case ClientCredentialsAuthorization client:
                json.WriteString(TokenUrl, client.TokenUrl);
                json.WriteString(ClientId, client.ClientId);
                json.WriteString(ClientSecret, client.ClientSecret);
                json.WriteString(Scope, client.Scope);
                json.WriteString(Audience, client.Audience);
                json.WriteBoolean(SendsSecretInBody, client.SendsSecretInBody);
                break;
        }
    }

    private static EndpointAuthorization? Read(JsonElement json) => Text(json, Kind) switch
    {
        nameof(AuthorizationKind.Basic) => EndpointAuthorization.Basic(Text(json, UserName), Text(json, Password)),
        nameof(AuthorizationKind.Bearer) => EndpointAuthorization.Bearer(Text(json, Token)),
        nameof(AuthorizationKind.ApiKey) => EndpointAuthorization.ApiKey(Text(json, Header), Text(json, Key)),
        nameof(AuthorizationKind.ClientCredentials) =>
            new ClientCredentialsAuthorization(Text(json, TokenUrl), Text(json, ClientId), Text(json, ClientSecret))
            {
                Scope = json.GetProperty(Scope).GetString(),
                Audience = json.GetProperty(Audience).GetString(),
                SendsSecretInBody = json.GetProperty(SendsSecretInBody).GetBoolean(),
            },
        _ => null,
    };

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new InvalidOperationException();
}
