namespace WebhookKit.Verification;

/// <summary>How the text of a secret becomes the key of an HMAC.</summary>
public enum KeyForm
{
    /// <summary>Nothing: the value of a forgotten choice.</summary>
    None = 0,

    /// <summary>The UTF-8 bytes of the text as it stands, any prefix included.</summary>
    Text,

    /// <summary>The bytes that the text is the base64 of.</summary>
    Base64,

    /// <summary>The bytes that the text is the hexadecimal of, in either case.</summary>
    Hex,

    /// <summary>The SHA-1 of the UTF-8 bytes of the text.</summary>
    Sha1OfText,
}
