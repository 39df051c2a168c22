using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>
/// Verifies Microsoft Graph's notifications: each item by the <c>clientState</c> that the subscription was given, and one
/// with encrypted content by the signature under the key inside it.
/// </summary>
/// <remarks>
/// Secrets are client states, and RSA private keys in PEM form for encrypted content. With keys alone it judges what the keys
/// can say, see <see cref="ValidateSecrets"/>.
/// </remarks>
internal sealed class GraphVerifier : IWebhookVerifier, IDisposable
{
    private const int MaxItems = 1000;

    private readonly byte[][] _clientStates;
    private readonly RSA[] _keys;
    private readonly Lock _lock = new();

    public GraphVerifier(VerifierContext context)
    {
        if (context.Secrets.Count is 0 or > SignatureKeys.MaxKeys)
        {
            throw new ArgumentException($"There are {context.Secrets.Count} secrets: give at least one and at most {SignatureKeys.MaxKeys}.", nameof(context));
        }

        _clientStates = [.. context.Secrets.Where(secret => !IsPrivateKey(secret)).Select(secret => SHA256.HashData(KeyText.Read(secret, KeyForm.Text)))];
        _keys = [.. context.Secrets.Where(IsPrivateKey).Select(secret => ReadKey(secret)
            ?? throw new FormatException(ValidateSecret(secret)))];
    }

    public static string? ValidateSecret(string? secret)
    {
        if (secret is null || !IsPrivateKey(secret))
        {
            return KeyText.Validate(secret, KeyForm.Text);
        }

        using var key = ReadKey(secret);
        return key is null ? "The private key is not an RSA key in unencrypted PEM form: export it as PKCS#8 PEM." : null;
    }

    /// <summary>
    /// Content is encrypted for a certificate that is no secret, and the key inside signs it: whoever has the certificate can make
    /// both. It is the client state that proves who sent it.
    /// </summary>
    public static string? ValidateSecrets(IReadOnlyList<string> secrets) => secrets.Any(secret => !IsPrivateKey(secret))
        ? null
        : "A private key proves no sender, because anyone may have its certificate: add the 'clientState' of the subscription as a further secret.";

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (!StrictJson.TryParse(request.Body.Span, out var root)
            || root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("value", out var items)
            || items.ValueKind != JsonValueKind.Array
            || items.GetArrayLength() is 0 or > MaxItems)
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        var keyIndex = -1;
        foreach (var item in items.EnumerateArray())
        {
            var status = Verify(item, out keyIndex);
            if (status != VerificationStatus.Verified)
            {
                return VerificationResult.Refused(status);
            }
        }

        return VerificationResult.Verified(id: null, timestamp: null, keyIndex);
    }

    private VerificationStatus Verify(JsonElement item, out int keyIndex)
    {
        keyIndex = -1;
        if (item.ValueKind != JsonValueKind.Object)
        {
            return VerificationStatus.MalformedBody;
        }

        if (_clientStates.Length > 0)
        {
            if (StrictJson.TextOf(item, "clientState") is not { } state)
            {
                return VerificationStatus.MissingSignature;
            }

            keyIndex = FindState(state);
            if (keyIndex < 0)
            {
                return VerificationStatus.SignatureMismatch;
            }
        }

        if (_keys.Length == 0 || !item.TryGetProperty("encryptedContent", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return keyIndex >= 0 ? VerificationStatus.Verified : VerificationStatus.MissingSignature;
        }

        var opened = FindKey(content);
        keyIndex = keyIndex >= 0 ? keyIndex : opened;
        return opened >= 0 ? VerificationStatus.Verified : VerificationStatus.SignatureMismatch;
    }

    private int FindState(string state)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(state), given);
        var found = -1;
        for (var index = _clientStates.Length - 1; index >= 0; index--)
        {
            found = CryptographicOperations.FixedTimeEquals(given, _clientStates[index]) ? index : found;
        }

        return found;
    }

    // Everything that goes wrong looks the same: what failed would tell of the padding.
    private int FindKey(JsonElement content)
    {
        if (Bytes(content, "data") is not { } data || Bytes(content, "dataKey") is not { } dataKey || Bytes(content, "dataSignature") is not { } signature)
        {
            return -1;
        }

        lock (_lock)
        {
            for (var index = 0; index < _keys.Length; index++)
            {
                try
                {
                    var key = _keys[index].Decrypt(dataKey, RSAEncryptionPadding.OaepSHA1);
                    var matches = signature.Length == SHA256.HashSizeInBytes
                        && CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(key, data));
                    CryptographicOperations.ZeroMemory(key);
                    if (matches)
                    {
                        return _clientStates.Length + index;
                    }
                }
                catch (Exception exception) when (exception is CryptographicException or ObjectDisposedException)
                {
                    // Another key's.
                }
            }
        }

        return -1;
    }

    private static byte[]? Bytes(JsonElement content, string name)
    {
        var text = StrictJson.TextOf(content, name);
        var bytes = new byte[text?.Length ?? 0];
        return SignatureText.TryDecode(text, SignatureEncoding.Base64, bytes, out var written) ? bytes[..written] : null;
    }

    // What openssl takes out of a PFX has attributes before it.
    private static bool IsPrivateKey(string secret) => secret.Contains("PRIVATE KEY-----", StringComparison.Ordinal);

    private static RSA? ReadKey(string pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            _ = key.ExportParameters(includePrivateParameters: true);
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }
}
