using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebhookKit.Signing;

/// <summary>The one comparison of signatures.</summary>
internal static class FixedTime
{
    /// <summary>Compares two digests of 32 bytes in a time that does not depend on where they differ.</summary>
    /// <remarks>
    /// The framework's own method is compiled without optimization, byte by byte: it costs a fifth of the HMAC of a
    /// small payload. Four words without a branch between them leak as little.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool DigestEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != StandardWebhooksContent.SignatureBytes || right.Length != StandardWebhooksContent.SignatureBytes)
        {
            return false;
        }

        var a = MemoryMarshal.Cast<byte, ulong>(left);
        var b = MemoryMarshal.Cast<byte, ulong>(right);
        return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
    }
}
