using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>The keys of Plaid, asked of its API one by one (<c>/webhook_verification_key/get</c>).</summary>
internal sealed class PlaidKeys : ITokenKeys
{
    public static readonly ProviderSetting ClientId = new(
        "ClientId", "The client id of the API keys, to have keys fetched; the secret is then the API's.", IsRequired: false);

    public static readonly ProviderSetting Environment = new(
        "Environment", "The environment whose keys are fetched: 'production', where it is not set, or 'sandbox'.", IsRequired: false)
    {
        Values = ["production", "sandbox"],
    };

    private const int MaxKeyIdLength = 128;

    private readonly VerifierContext _context;
    private readonly Uri _url;
    private readonly string _clientId;
    private readonly NamedKeys<TokenKey> _keys;

    private PlaidKeys(VerifierContext context, string clientId)
    {
        _context = context;
        _clientId = clientId;
        _keys = new NamedKeys<TokenKey>(context.TimeProvider);
        _url = context.Settings.GetValueOrDefault(Environment.Name, "production") switch
        {
            "production" => new Uri("https://production.plaid.com/webhook_verification_key/get"),
            "sandbox" => new Uri("https://sandbox.plaid.com/webhook_verification_key/get"),
            _ => throw new ArgumentException($"The setting '{Environment.Name}' is neither 'production' nor 'sandbox'. {Environment.Description}", nameof(context)),
        };
    }

    /// <summary>Keys that are fetched where the source has a client id, and else those that it was given.</summary>
    public static ITokenKeys Create(VerifierContext context) => context.Settings.GetValueOrDefault(ClientId.Name) is { Length: > 0 } clientId
        ? new PlaidKeys(context, clientId)
        : GivenTokenKeys.Create(context.Secrets, "ES256");

    /// <summary>A key in a form that cannot be taken for the secret of an API has to be one; everything else may be such a secret.</summary>
    public static string? Validate(string? text) => text is ['{' or '-', ..] || GivenTokenKeys.Validate(text, "ES256") is null
        ? GivenTokenKeys.Validate(text, "ES256")
        : KeyText.Validate(text, KeyForm.Text);

    public async ValueTask<TokenKey> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (keyId is not { Length: > 0 and <= MaxKeyIdLength } || !AsciiText.IsVisible(keyId))
        {
            return TokenKey.None(VerificationStatus.UntrustedKey);
        }

        return await _keys.FindAsync(keyId, () => FetchAsync(keyId), cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _keys.Dispose();

    // One secret after the other, as long as both are live.
    private async ValueTask<TokenKey> FetchAsync(string keyId)
    {
        for (var index = 0; index < _context.Secrets.Count; index++)
        {
            var question = Question(_context.Secrets[index], keyId);
            if (await KeyClient.FetchAsync(_context.KeyClient, _url, question).ConfigureAwait(false) is { } answer)
            {
                return Read(answer, keyId) is { } key
                    ? new TokenKey(key, index, VerificationStatus.None)
                    : TokenKey.None(VerificationStatus.UntrustedKey);
            }
        }

        return TokenKey.None(VerificationStatus.KeyUnavailable);
    }

    private byte[] Question(string secret, string keyId)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("client_id", _clientId);
            writer.WriteString("secret", secret);
            writer.WriteString("key_id", keyId);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static IPublicKey? Read(byte[] answer, string keyId) =>
        StrictJson.TryParse(answer, out var root)
        && root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("key", out var key)
        && StrictJson.TextOf(key, "kid") == keyId
            ? GivenTokenKeys.Read(key.GetRawText(), "ES256")
            : null;
}
