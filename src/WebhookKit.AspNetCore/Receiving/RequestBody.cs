using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WebhookKit.Receiving;

/// <summary>The raw bytes of a request in a pooled buffer, given back when disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    // A declared length is only a claim: what is rented at first is bounded, whatever the sender says.
    private const int MaxFirstBuffer = 64 * 1024;

    private readonly ArrayPool<byte> _pool;
    private byte[] _buffer;
    private int _length;

    private RequestBody(ArrayPool<byte> pool, int firstBuffer) => (_pool, _buffer) = (pool, pool.Rent(firstBuffer));

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the body, or returns null when it is longer than <paramref name="maxBytes"/>.</summary>
    /// <exception cref="BadHttpRequestException">The server refuses the body: too long, too slow or malformed.</exception>
    /// <exception cref="IOException">The sender hung up.</exception>
    /// <exception cref="OperationCanceledException">The sender hung up.</exception>
    public static async ValueTask<RequestBody?> ReadAsync(
        HttpRequest request, int maxBytes, ArrayPool<byte> pool, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
        {
            // The server counts the framing of chunks as well; the exact limit is ours.
            serverLimit.MaxRequestBodySize = (2L * maxBytes) + MaxFirstBuffer;
        }

        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        // One byte of room beyond the declared length: the read that finds the end needs no larger buffer.
        var body = new RequestBody(pool, (int)Math.Min(request.ContentLength + 1 ?? 4096, MaxFirstBuffer));
        try
        {
            int read;
            while ((read = await body.ReadAsync(request.Body, cancellationToken)) > 0)
            {
                body._length += read;
                if (body._length > maxBytes)
                {
                    body.Dispose();
                    return null;
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            _pool.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private ValueTask<int> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
        {
            var larger = _pool.Rent(_buffer.Length * 2);
            Bytes.CopyTo(larger);
            _pool.Return(_buffer);
            _buffer = larger;
        }

        return stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
    }
}
