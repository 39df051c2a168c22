namespace WebhookKit.Verification;

/// <summary>What a signature is computed with.</summary>
public enum SignatureAlgorithm
{
    /// <summary>Nothing: the value of a forgotten choice.</summary>
    None = 0,

    /// <summary>HMAC with SHA-1 (RFC 2104), where a provider has nothing better.</summary>
    HmacSha1,

    /// <summary>HMAC with SHA-256 (RFC 2104).</summary>
    HmacSha256,

    /// <summary>HMAC with SHA-384 (RFC 2104).</summary>
    HmacSha384,

    /// <summary>HMAC with SHA-512 (RFC 2104).</summary>
    HmacSha512,

    /// <summary>SHA-256 of the key followed by the content.</summary>
    Sha256OfKeyAndContent,

    /// <summary>Ed25519 (RFC 8032).</summary>
    Ed25519,

    /// <summary>ECDSA over P-256 with SHA-256, as a DER sequence (RFC 3279, 2.2.3).</summary>
    EcdsaP256Sha256Der,

    /// <summary>RSA PKCS#1 v1.5 with SHA-256 (RFC 8017, 8.2).</summary>
    RsaPkcs1Sha256,
}
