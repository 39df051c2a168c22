using System.Text.Json;

namespace WebhookKit.Verification;

/// <summary>JSON that every reader understands alike: without duplicate members, at most 64 levels deep.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    public static bool TryParse(ReadOnlySpan<byte> json, out JsonElement root)
    {
        root = default;
        if (json.StartsWith("\uFEFF"u8))
        {
            // It is signed like every other byte but is not JSON (RFC 8259, 8.1).
            json = json["\uFEFF"u8.Length..];
        }

        try
        {
            root = JsonElement.Parse(json, Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Returns the text of a member that is a string or number; null when there is none.</summary>
    public static string? TextOf(JsonElement element, string member)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) ? TextOf(value) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns the text of a string or number; null for anything else, half a surrogate pair included.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
