using System.Buffers;

namespace WebhookKit.Sending;

/// <summary>The part of a response's body that is kept with the attempt.</summary>
internal static class KeptResponse
{
    /// <summary>Reads at most so many bytes; the rest of the body is never read.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (maxBytes == 0)
        {
            return default;
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes);
        try
        {
            var read = await stream.ReadAtLeastAsync(
                buffer.AsMemory(0, maxBytes), maxBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return buffer.AsSpan(0, read).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
