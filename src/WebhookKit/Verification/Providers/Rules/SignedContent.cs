namespace WebhookKit.Verification;

/// <summary>The signed bytes in the order they were signed; the body lies between the rest without being copied.</summary>
internal readonly ref struct SignedContent(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body, ReadOnlySpan<byte> suffix)
{
    public ReadOnlySpan<byte> Prefix { get; } = prefix;

    public ReadOnlySpan<byte> Body { get; } = body;

    public ReadOnlySpan<byte> Suffix { get; } = suffix;
}
