using System.Net;
using System.Net.Sockets;
using WebhookKit.NetworkSafety.Internal;

namespace WebhookKit.NetworkSafety;

/// <summary>Says what an address is for, by the IANA special-purpose registries and what clouds add to them.</summary>
public static class AddressClassifier
{
    /// <summary>Classifies an address; an IPv4-mapped IPv6 address is classified as the IPv4 address it is.</summary>
    public static AddressClass Classify(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Find(SpecialAddresses.IPv4, address) ?? AddressClass.Public,
            AddressFamily.InterNetworkV6 => Find(SpecialAddresses.IPv6, address) ?? ClassifyOtherIPv6(address),
            _ => AddressClass.Unclassified,
        };
    }

    private static AddressClass ClassifyOtherIPv6(IPAddress address)
    {
        if (!SpecialAddresses.GlobalUnicast.Contains(address))
        {
            return AddressClass.Reserved;
        }

        return HasIsatapInterface(address) ? AddressClass.Transition : AddressClass.Public;
    }

    // RFC 5214 section 6.1: the interface identifier is 0000:5efe or 0200:5efe, then the IPv4 address.
    private static bool HasIsatapInterface(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _)
            && bytes[8] is 0x00 or 0x02
            && bytes[9..12].SequenceEqual((ReadOnlySpan<byte>)[0x00, 0x5e, 0xfe]);
    }

    private static AddressClass? Find(ReadOnlySpan<SpecialRange> ranges, IPAddress address)
    {
        foreach (var range in ranges)
        {
            if (range.Network.Contains(address))
            {
                return range.Class;
            }
        }

        return null;
    }
}
