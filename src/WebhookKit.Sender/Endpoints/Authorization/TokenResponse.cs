using System.Globalization;
using System.Text.Json;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>Reads what a token endpoint answers (RFC 6749 section 5). Never throws on what it is given.</summary>
internal static class TokenResponse
{
    private const int MaxToken = 8_192;

    // For servers that do not say (RFC 6749 section 5.1).
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    // Section 5.2. Any other text of the server is not repeated: it may hold what it was sent.
    private static readonly string[] ErrorCodes =
        ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

    public static AccessToken Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var json = document.RootElement;
            return json.ValueKind != JsonValueKind.Object ? Refused(status, null)
                : status == 200 ? ReadToken(json)
                : Refused(status, TextOf(json, "error"));
        }
        catch (JsonException)
        {
            return Refused(status, null);
        }
    }

    private static AccessToken ReadToken(JsonElement json)
    {
        if (TextOf(json, "access_token") is not { Length: > 0 and <= MaxToken } token
            || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return AccessToken.Failed("The answer of the token endpoint holds no access token that can be sent.");
        }

        // Section 7.1: a token of another type must not be used.
        return string.Equals(TextOf(json, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase)
            ? new AccessToken(AuthorizationHeaders.OfBearer(token), ReadLifetime(json))
            : AccessToken.Failed("The token endpoint gave a token of another type than Bearer (RFC 6750): have it give bearer tokens.");
    }

    private static AccessToken Refused(int status, string? code) => status == 200
        ? AccessToken.Failed("The answer of the token endpoint is no JSON object.")
        : AccessToken.Failed(string.Create(
            CultureInfo.InvariantCulture,
            $"The token endpoint answered {status}{(ErrorCodes.Contains(code, StringComparer.Ordinal) ? $" ({code})" : "")}: check the client's id, secret and scope."));

    private static TimeSpan ReadLifetime(JsonElement json)
    {
        // Some servers write the number as a text.
        double seconds;
        if (!json.TryGetProperty("expires_in", out var value)
            || !(value.ValueKind == JsonValueKind.Number
                ? value.TryGetDouble(out seconds)
                : double.TryParse(TextOf(json, "expires_in"), NumberStyles.None, CultureInfo.InvariantCulture, out seconds)))
        {
            return DefaultLifetime;
        }

        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestLifetime.TotalSeconds));
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
