using System.Security.Cryptography;

namespace WebhookKit.Signing;

/// <summary>
/// HMAC under one secret, with SHA-256 unless said otherwise. Setting up a key costs more than hashing a small payload, so keyed states are
/// kept and rented to one computation at a time.
/// </summary>
/// <remarks>
/// Disposal releases the kept states; a computation that comes after it makes its own, so that secrets can be
/// replaced while requests are still being verified.
/// </remarks>
internal sealed class KeyedHash(ReadOnlyMemory<byte> key, KeyedHashKind kind = KeyedHashKind.HmacSha256) : IDisposable
{
    private readonly State?[] _idle = new State?[Math.Clamp(Environment.ProcessorCount, 2, 64)];
    private volatile bool _disposed;

    public KeyedHash(WebhookSecret secret)
        : this(secret.Key)
    {
    }

    /// <summary>Writes the 32 bytes of the HMAC over <paramref name="prefix"/> followed by <paramref name="payload"/>.</summary>
    public void Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        // A state that throws half way is not put back: it would carry these bytes into the next computation.
        var state = Rent(out var slot);
        state.Compute(prefix, payload, destination);
        Return(state, slot);
    }

    /// <summary>Writes the hash over <paramref name="prefix"/>, <paramref name="payload"/> and <paramref name="suffix"/> in this order.</summary>
    public void Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> suffix, Span<byte> destination)
    {
        var state = Rent(out var slot);
        state.Compute(prefix, payload, suffix, destination);
        Return(state, slot);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (ref var slot in _idle.AsSpan())
        {
            Interlocked.Exchange(ref slot, null)?.Dispose();
        }
    }

    internal State Rent(out int slot)
    {
        var first = Thread.GetCurrentProcessorId() % _idle.Length;
        slot = first;
        do
        {
            if (Interlocked.Exchange(ref _idle[slot], null) is { } state)
            {
                return state;
            }

            slot = slot + 1 < _idle.Length ? slot + 1 : 0;
        }
        while (slot != first);

        return new State(key.Span, kind);
    }

    internal void Return(State state, int slot)
    {
        // Of two states that come back to one slot the second is one too many for this processor.
        var surplus = _disposed ? state : Interlocked.Exchange(ref _idle[slot], state);

        // Disposal may have passed the slot between the check and the exchange.
        if (_disposed)
        {
            Interlocked.Exchange(ref _idle[slot], null)?.Dispose();
        }

        surplus?.Dispose();
    }

    /// <summary>A keyed hash with room to lay prefix and payload side by side.</summary>
    internal sealed class State(ReadOnlySpan<byte> key, KeyedHashKind kind = KeyedHashKind.HmacSha256) : IDisposable
    {
        private readonly IncrementalHash _hash = Create(key, kind);
        private readonly byte[] _joined = new byte[2048];

        // What stands before the content when the hash itself has no key.
        private readonly byte[] _before = kind == KeyedHashKind.Sha256OfKeyAndContent ? key.ToArray() : [];

        public void Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, Span<byte> destination) =>
            Compute(prefix, payload, [], destination);

        public void Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> suffix, Span<byte> destination)
        {
            if (_before.Length > 0)
            {
                _hash.AppendData(_before);
            }

            // Each append costs more than copying a small payload.
            var length = prefix.Length + payload.Length + suffix.Length;
            if (length <= _joined.Length)
            {
                prefix.CopyTo(_joined);
                payload.CopyTo(_joined.AsSpan(prefix.Length));
                suffix.CopyTo(_joined.AsSpan(prefix.Length + payload.Length));
                _hash.AppendData(_joined, 0, length);
            }
            else
            {
                _hash.AppendData(prefix);
                _hash.AppendData(payload);
                if (!suffix.IsEmpty)
                {
                    _hash.AppendData(suffix);
                }
            }

            _hash.GetHashAndReset(destination);
        }

        public void Dispose() => _hash.Dispose();

        private static IncrementalHash Create(ReadOnlySpan<byte> key, KeyedHashKind kind) => kind switch
        {
            KeyedHashKind.HmacSha1 => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key),
            KeyedHashKind.HmacSha384 => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA384, key),
            KeyedHashKind.HmacSha512 => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, key),
            KeyedHashKind.Sha256OfKeyAndContent => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            _ => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key),
        };
    }
}
