using System.Security.Cryptography;
using System.Text;
using WebhookKit.Secrets;

namespace WebhookKit.Verification;

/// <summary>Reads the key of an HMAC from the text of a secret as its provider shows it.</summary>
internal static class KeyText
{
    private const int MaxLength = 4096;

    // Providers choose their secrets, so no length but none at all is refused.
    public static string? Validate(string? text, KeyForm form)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "The secret is empty: copy it from where the provider shows it.";
        }

        if (text.Length > MaxLength || text.Any(char.IsControl) || text.Trim().Length != text.Length)
        {
            return "The secret has line breaks, white space at its ends or more than 4096 characters: copy it alone and whole.";
        }

        return form switch
        {
            KeyForm.Base64 when !IsBase64(text) =>
                "The secret is not base64: copy it whole, with its padding and without white space.",
            KeyForm.Hex when text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit) =>
                "The secret is not hexadecimal: copy it whole, without white space.",
            _ => null,
        };
    }

    /// <exception cref="FormatException">The text is no such secret; the message names the cure and never quotes the text.</exception>
    public static byte[] Read(string text, KeyForm form)
    {
        if (Validate(text, form) is { } error)
        {
            throw new FormatException(error);
        }

        return form switch
        {
            KeyForm.Text => Encoding.UTF8.GetBytes(text),
            KeyForm.Base64 => Convert.FromBase64String(text),
            KeyForm.Hex => Convert.FromHexString(text),
            KeyForm.Sha1OfText => Sha1(text),
            _ => throw new ArgumentException($"'{form}' is not a form of keys.", nameof(form)),
        };
    }

#pragma warning disable CA5350 // The provider's own derivation; it is no signature.
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    private static bool IsBase64(string text) => StrictBase64.TryDecode(text, new byte[text.Length], out var written) && written > 0;
}
