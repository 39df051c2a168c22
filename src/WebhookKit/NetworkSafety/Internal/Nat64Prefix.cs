using System.Net;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>The prefix under which a NAT64 translator of the host's network offers IPv4 (RFC 6052).</summary>
internal readonly record struct Nat64Prefix(IPNetwork Network)
{
    public static bool IsPossible(IPNetwork network) => network.PrefixLength is 32 or 40 or 48 or 56 or 64 or 96;

    /// <summary>Returns the IPv4 address that the translator will connect to, or null for an address of another prefix.</summary>
    public IPAddress? Unwrap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!Network.Contains(address) || !address.TryWriteBytes(bytes, out _))
        {
            return null;
        }

        // RFC 6052 section 2.2: the four octets follow the prefix, but leave out octet 8.
        Span<byte> embedded = stackalloc byte[4];
        var at = Network.PrefixLength / 8;
        foreach (ref var octet in embedded)
        {
            at += at == 8 ? 1 : 0;
            octet = bytes[at++];
        }

        return new IPAddress(embedded);
    }
}
