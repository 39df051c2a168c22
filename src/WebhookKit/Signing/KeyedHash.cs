using System.Security.Cryptography;

namespace WebhookKit.Signing;

/// <summary>
/// HMAC-SHA256 under one secret. Setting up a key costs more than hashing a small payload, so keyed states are
/// kept and rented to one computation at a time.
/// </summary>
/// <remarks>
/// Disposal releases the kept states; a computation that comes after it makes its own, so that secrets can be
/// replaced while requests are still being verified.
/// </remarks>
internal sealed class KeyedHash(WebhookSecret secret) : IDisposable
{
    private readonly IncrementalHash?[] _idle = new IncrementalHash?[Math.Clamp(Environment.ProcessorCount, 2, 64)];
    private volatile bool _disposed;

    /// <summary>One hash for each secret, in order.</summary>
    /// <exception cref="ArgumentException">There is no secret, or there are more than ten.</exception>
    public static KeyedHash[] ForEach(IReadOnlyList<WebhookSecret> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (secrets.Count is 0 or > StandardWebhooksContent.MaxSignatures)
        {
            throw new ArgumentException(
                $"There are {secrets.Count} secrets: give at least one and at most {StandardWebhooksContent.MaxSignatures}.",
                nameof(secrets));
        }

        return [.. secrets.Select(secret => new KeyedHash(secret))];
    }

    /// <summary>Writes the 32 bytes of the HMAC over <paramref name="prefix"/> followed by <paramref name="payload"/>.</summary>
    public void Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        // A state that throws half way is not put back: it would carry these bytes into the next computation.
        var state = Rent();
        state.AppendData(prefix);
        state.AppendData(payload);
        state.GetHashAndReset(destination);
        Return(state);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (ref var slot in _idle.AsSpan())
        {
            Interlocked.Exchange(ref slot, null)?.Dispose();
        }
    }

    internal IncrementalHash Rent()
    {
        var first = Thread.GetCurrentProcessorId() % _idle.Length;
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.Exchange(ref _idle[(first + i) % _idle.Length], null) is { } state)
            {
                return state;
            }
        }

        return IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
    }

    internal void Return(IncrementalHash state)
    {
        var first = Thread.GetCurrentProcessorId() % _idle.Length;
        for (var i = 0; i < _idle.Length && !_disposed; i++)
        {
            ref var slot = ref _idle[(first + i) % _idle.Length];
            if (Interlocked.CompareExchange(ref slot, state, null) is null)
            {
                // Disposal may have passed this slot between the check and the exchange.
                if (_disposed)
                {
                    Interlocked.Exchange(ref slot, null)?.Dispose();
                }

                return;
            }
        }

        state.Dispose();
    }
}
