namespace WebhookKit.Verification;

/// <summary>A key that verifies signatures and cannot make any; bad signatures are false, never an exception.</summary>
internal interface IPublicKey : IDisposable
{
    bool Verify(in SignedContent content, ReadOnlySpan<byte> signature);
}
