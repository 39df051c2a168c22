namespace WebhookKit.Secrets;

/// <summary>The keys of an endpoint, told apart by their prefixes.</summary>
internal static class SigningKeys
{
    /// <summary>Returns null for a secret or a signing key, or one sentence that says what is wrong and names the cure.</summary>
    public static string? Validate(string? text)
    {
        string? error;
        if (IsSigningKey(text))
        {
            return WebhookSigningKey.TryParse(text, out _, out error) ? null : error;
        }

        if (text?.StartsWith(WebhookVerificationKey.Prefix, StringComparison.Ordinal) is true)
        {
            return "It is a verification key, which cannot sign: set the signing key, which begins with 'whsk_'.";
        }

        return WebhookSecret.TryParse(text, out _, out error) ? null : error;
    }

    public static IReadOnlyList<WebhookSecret> Secrets(IEnumerable<string> texts) =>
        [.. texts.Where(text => !IsSigningKey(text)).Select(WebhookSecret.Parse)];

    public static IReadOnlyList<WebhookSigningKey> Keys(IEnumerable<string> texts) =>
        [.. texts.Where(IsSigningKey).Select(WebhookSigningKey.Parse)];

    private static bool IsSigningKey(string? text) => text?.StartsWith(WebhookSigningKey.Prefix, StringComparison.Ordinal) is true;
}
