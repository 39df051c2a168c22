namespace WebhookKit.Signing;

/// <summary>What a <see cref="KeyedHash"/> computes.</summary>
internal enum KeyedHashKind
{
    None = 0,
    HmacSha1,
    HmacSha256,
    HmacSha384,
    HmacSha512,
    Sha256OfKeyAndContent,
}
