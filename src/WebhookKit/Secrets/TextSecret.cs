using System.Text;

namespace WebhookKit.Secrets;

/// <summary>A secret whose text as it stands is the key, as most providers before Standard Webhooks have it.</summary>
internal static class TextSecret
{
    private const int MinLength = 16;

    // W3C WebSub, 5.1: less than 200 bytes.
    private const int MaxLength = 199;

    /// <summary>Returns null for a usable secret, or one sentence that says what is wrong with it and names the cure.</summary>
    public static string? Validate(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "The secret is empty: set it to 32 or more random letters and digits.";
        }

        // Neither survives being copied to the other side for long.
        if (text.Any(character => character is < ' ' or > '~') || text.Trim().Length != text.Length)
        {
            return "The secret has white space at its ends or characters beyond ASCII: copy it whole, or generate a new one of letters and digits.";
        }

        return text.Length is < MinLength or > MaxLength
            ? $"The secret has {text.Length} characters but must have {MinLength} to {MaxLength}: generate a new one on both sides."
            : null;
    }

    public static byte[] KeyOf(string text) =>
        Validate(text) is { } error ? throw new FormatException(error) : Encoding.UTF8.GetBytes(text);
}
