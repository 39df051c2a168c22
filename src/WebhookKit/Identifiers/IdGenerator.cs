using System.Buffers.Binary;
using System.Security.Cryptography;
using WebhookKit.Deliveries;

namespace WebhookKit.Identifiers;

/// <summary>Makes new ids: UUID version 7, strictly increasing within the process.</summary>
/// <remarks>
/// RFC 9562 section 6.2, method 1: a counter of 26 bits behind the millisecond, re-seeded with random bits each
/// millisecond. When the clock steps back or the counter overflows, the last timestamp is kept or moved on, so that
/// ids never repeat and never go back. Thread-safe.
/// </remarks>
public sealed class IdGenerator
{
    private const int CounterBits = 26;
    private const uint CounterLimit = 1u << CounterBits;
    private const int RandomBytes = 128 * sizeof(ulong);

    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private readonly byte[] _random = new byte[RandomBytes];
    private long _lastMillisecond = -1;
    private uint _counter;
    private int _randomUsed = RandomBytes;

    /// <summary>Creates a generator over the given clock.</summary>
    /// <param name="timeProvider">The clock that the timestamp part is read from.</param>
    public IdGenerator(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
    }

    /// <summary>Makes the id of a new message.</summary>
    public MessageId NewMessageId() => new(NewGuid());

    /// <summary>Makes the id of a new delivery.</summary>
    public DeliveryId NewDeliveryId() => new(NewGuid());

    /// <summary>Makes the id of a new redelivery.</summary>
    public RedeliveryId NewRedeliveryId() => new(NewGuid());

    /// <summary>Makes the id of a new attempt.</summary>
    public AttemptId NewAttemptId() => new(NewGuid());

    /// <summary>Makes the fencing id of a new lease.</summary>
    public LeaseId NewLeaseId() => new(NewGuid());

    /// <summary>Makes the id of a new endpoint that has no declared name.</summary>
    public EndpointId NewEndpointId() => new(NewGuid());

    private Guid NewGuid()
    {
        long millisecond;
        uint counter;
        ulong random;
        lock (_gate)
        {
            random = NextRandom();
            var now = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > _lastMillisecond)
            {
                _lastMillisecond = now;
                // Half of the range is left free, so that a burst within the millisecond does not overflow at once.
                _counter = (uint)NextRandom() & (CounterLimit / 2 - 1);
            }
            else if (++_counter == CounterLimit)
            {
                _lastMillisecond++;
                _counter = 0;
            }

            millisecond = _lastMillisecond;
            counter = _counter;
        }

        // 48 bits time | version 7 | 12 bits counter | variant | 14 bits counter | 48 bits random
        var high = ((ulong)millisecond << 16) | 0x7000 | (counter >> 14);
        var low = 0x8000_0000_0000_0000 | ((ulong)(counter & 0x3FFF) << 48)
            | (random >> 16);

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    // Asking for random bytes costs as much as all the rest, however few they are.
    private ulong NextRandom()
    {
        if (_randomUsed == _random.Length)
        {
            RandomNumberGenerator.Fill(_random);
            _randomUsed = 0;
        }

        var random = BinaryPrimitives.ReadUInt64BigEndian(_random.AsSpan(_randomUsed));
        _randomUsed += sizeof(ulong);
        return random;
    }
}
