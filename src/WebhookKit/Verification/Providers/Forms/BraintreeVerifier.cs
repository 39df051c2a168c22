using System.Text;

namespace WebhookKit.Verification;

/// <summary>Verifies Braintree's form: of the signatures, one per public key, the one under ours counts.</summary>
internal sealed class BraintreeVerifier : IWebhookVerifier, IDisposable
{
    public static readonly ProviderSetting PublicKeyId = new("PublicKeyId", "Set it to the public key of the API keys whose private key is the secret.");

    public static readonly SignatureRule Rule = new()
    {
        Header = "bt_signature",
        Algorithm = SignatureAlgorithm.HmacSha1,
        KeyForm = KeyForm.Sha1OfText,
    };

    private const int MaxPairs = 16;

    private readonly DigestKeys _keys;
    private readonly string _publicKey;

    public BraintreeVerifier(VerifierContext context)
    {
        _publicKey = context.Settings.GetValueOrDefault(PublicKeyId.Name) is { Length: > 0 } key
            ? key
            : throw new ArgumentException($"The setting '{PublicKeyId.Name}' is missing. {PublicKeyId.Description}", nameof(context));
        _keys = new DigestKeys(Rule, context.Secrets);
    }

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (!FormFields.TryParse(request.Body.Span, out var fields))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        if (FormFields.Single(fields, "bt_signature") is not { Length: <= HeaderLine.MaxLength } pairs)
        {
            return VerificationResult.Refused(VerificationStatus.MissingSignature);
        }

        if (FormFields.Single(fields, "bt_payload") is not { } payload || !IsNotification(payload))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        var content = Encoding.UTF8.GetBytes(payload);
        var areUsable = false;
        foreach (var pair in pairs.Split('&').Take(MaxPairs))
        {
            if (!pair.StartsWith(_publicKey + "|", StringComparison.Ordinal))
            {
                continue;
            }

            var signature = pair.AsSpan(_publicKey.Length + 1);
            var keyIndex = _keys.Find(new SignedContent([], content, []), signature, out var isUsable);

            // Its own libraries sign the text with a line break behind it and send it without.
            keyIndex = keyIndex >= 0 ? keyIndex : _keys.Find(new SignedContent([], content, "\n"u8), signature, out _);
            if (keyIndex >= 0)
            {
                return VerificationResult.Verified(SignedHash.Of(content), timestamp: null, keyIndex);
            }

            areUsable |= isUsable;
        }

        return VerificationResult.Refused(areUsable ? VerificationStatus.SignatureMismatch : VerificationStatus.NoUsableSignature);
    }

    // XML in base64, in lines. Its handshake signs for whoever asks, but hexadecimal digits are never base64 of a tag.
    private static bool IsNotification(string payload)
    {
        if (!payload.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '=' or '\n'))
        {
            return false;
        }

        var xml = new byte[payload.Length];
        return Convert.TryFromBase64String(payload, xml, out var length)
            && xml.AsSpan(0, length).TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
    }
}
