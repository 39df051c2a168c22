namespace WebhookKit.Secrets;

/// <summary>The keys of a source, told apart by their prefixes.</summary>
internal static class VerificationKeys
{
    /// <summary>Returns null for a secret or a verification key, or one sentence that says what is wrong and names the cure.</summary>
    public static string? Validate(string? text)
    {
        string? error;
        if (IsVerificationKey(text))
        {
            return WebhookVerificationKey.TryParse(text, out _, out error) ? null : error;
        }

        if (text?.StartsWith(WebhookSigningKey.Prefix, StringComparison.Ordinal) is true)
        {
            return "It is the sender's signing key, which receivers must not have: set the verification key, which begins with 'whpk_'.";
        }

        return WebhookSecret.TryParse(text, out _, out error) ? null : error;
    }

    public static IReadOnlyList<WebhookSecret> Secrets(IEnumerable<string> texts) =>
        [.. texts.Where(text => !IsVerificationKey(text)).Select(WebhookSecret.Parse)];

    public static IReadOnlyList<WebhookVerificationKey> Keys(IEnumerable<string> texts) =>
        [.. texts.Where(IsVerificationKey).Select(WebhookVerificationKey.Parse)];

    private static bool IsVerificationKey(string? text) => text?.StartsWith(WebhookVerificationKey.Prefix, StringComparison.Ordinal) is true;
}
