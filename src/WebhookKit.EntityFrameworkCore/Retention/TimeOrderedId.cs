namespace WebhookKit.EntityFrameworkCore.Retention;

/// <summary>Reads time off ids of version 7: in their order, those made before an instant come before those made after it.</summary>
internal static class TimeOrderedId
{
    /// <summary>The smallest id that could be made at the instant.</summary>
    public static Guid EarliestAt(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        // RFC 9562 section 5.7: the first 48 bits are the milliseconds since 1970.
        var milliseconds = Math.Max(instant.ToUnixTimeMilliseconds(), 0);
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
        {
            bytes[i] = (byte)milliseconds;
        }

        return new Guid(bytes, bigEndian: true);
    }
}
