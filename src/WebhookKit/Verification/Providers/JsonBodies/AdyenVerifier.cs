using System.Text;
using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>
/// Verifies Adyen's payment notifications: every item of the request carries a signature of its own over eight of its
/// fields, and nothing else of it is authentic.
/// </summary>
internal sealed class AdyenVerifier(VerifierContext context) : IWebhookVerifier, IDisposable
{
    public static readonly SignatureRule Rule = new()
    {
        Header = "hmacSignature",
        Encoding = SignatureEncoding.Base64,
        KeyForm = KeyForm.Hex,
    };

    private const int MaxItems = 100;

    private readonly DigestKeys _keys = new(Rule, context.Secrets);

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (!StrictJson.TryParse(request.Body.Span, out var root)
            || !TryGet(root, "notificationItems", JsonValueKind.Array, out var items)
            || items.GetArrayLength() is 0 or > MaxItems)
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        var keyIndex = -1;
        foreach (var wrapper in items.EnumerateArray())
        {
            if (!TryGet(wrapper, "NotificationRequestItem", JsonValueKind.Object, out var item) || Content(item) is not { } content)
            {
                return VerificationResult.Refused(VerificationStatus.MalformedBody);
            }

            if (!TryGet(item, "additionalData", JsonValueKind.Object, out var data) || StrictJson.TextOf(data, "hmacSignature") is not { } signature)
            {
                return VerificationResult.Refused(VerificationStatus.MissingSignature);
            }

            keyIndex = _keys.Find(new SignedContent([], Encoding.UTF8.GetBytes(content), []), signature, out var isUsable);
            if (keyIndex < 0)
            {
                return VerificationResult.Refused(isUsable ? VerificationStatus.SignatureMismatch : VerificationStatus.NoUsableSignature);
            }
        }

        return VerificationResult.Verified(id: null, timestamp: null, keyIndex);
    }

    // Without escaping, as Adyen joins them; null when a field is there but no value.
    private static string? Content(JsonElement item)
    {
        var amount = TryGet(item, "amount", JsonValueKind.Object, out var found) ? found : default;
        string?[] fields =
        [
            Field(item, "pspReference"), Field(item, "originalReference"), Field(item, "merchantAccountCode"),
            Field(item, "merchantReference"), Field(amount, "value"), Field(amount, "currency"), Field(item, "eventCode"),
            Field(item, "success"),
        ];
        return fields.Contains(null) || (found.ValueKind == JsonValueKind.Undefined && item.TryGetProperty("amount", out var other)
            && other.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object))
            ? null
            : string.Join(':', fields);
    }

    private static string? Field(JsonElement element, string name) =>
        element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => StrictJson.TextOf(value),
        };

    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }
}
