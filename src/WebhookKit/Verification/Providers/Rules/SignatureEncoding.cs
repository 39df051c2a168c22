namespace WebhookKit.Verification;

/// <summary>How the bytes of a signature are written; each form has exactly one text for given bytes.</summary>
public enum SignatureEncoding
{
    /// <summary>Nothing: the value of a forgotten choice.</summary>
    None = 0,

    /// <summary>Hexadecimal in lower case.</summary>
    Hex,

    /// <summary>Hexadecimal in upper case.</summary>
    UpperCaseHex,

    /// <summary>Base64 with padding (RFC 4648, 4).</summary>
    Base64,

    /// <summary>Base64 with the URL-safe alphabet, without padding (RFC 4648, 5).</summary>
    Base64Url,
}
