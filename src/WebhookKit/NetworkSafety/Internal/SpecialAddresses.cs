using System.Net;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>The ranges of the IANA special-purpose registries (RFC 6890) and the clouds' own; the first match counts.</summary>
internal static class SpecialAddresses
{
    /// <summary>The only IPv6 block in which ordinary addresses live; what lies outside is refused unseen.</summary>
    public static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly SpecialRange[] IPv4Ranges =
    [
        ("100.100.100.200/32", AddressClass.CloudPlatform),  // Alibaba metadata
        ("168.63.129.16/32", AddressClass.CloudPlatform),    // Azure platform; looks publicly routable
        ("169.254.169.254/32", AddressClass.CloudPlatform),  // metadata of most clouds
        ("169.254.170.2/32", AddressClass.CloudPlatform),    // AWS container credentials
        ("169.254.170.23/32", AddressClass.CloudPlatform),   // AWS pod identity
        ("192.0.0.192/32", AddressClass.CloudPlatform),      // Oracle metadata

        ("0.0.0.0/8", AddressClass.Unspecified),
        ("10.0.0.0/8", AddressClass.Private),
        ("100.64.0.0/10", AddressClass.Shared),
        ("127.0.0.0/8", AddressClass.Loopback),
        ("169.254.0.0/16", AddressClass.LinkLocal),
        ("172.16.0.0/12", AddressClass.Private),
        ("192.0.0.0/24", AddressClass.Infrastructure),       // IETF protocol assignments
        ("192.0.2.0/24", AddressClass.Documentation),
        ("192.31.196.0/24", AddressClass.Infrastructure),    // AS112
        ("192.52.193.0/24", AddressClass.Infrastructure),    // AMT
        ("192.88.99.0/24", AddressClass.Transition),         // 6to4 relay
        ("192.168.0.0/16", AddressClass.Private),
        ("192.175.48.0/24", AddressClass.Infrastructure),    // AS112
        ("198.18.0.0/15", AddressClass.Benchmarking),
        ("198.51.100.0/24", AddressClass.Documentation),
        ("203.0.113.0/24", AddressClass.Documentation),
        ("224.0.0.0/4", AddressClass.Multicast),
        ("240.0.0.0/4", AddressClass.Reserved),
    ];

    private static readonly SpecialRange[] IPv6Ranges =
    [
        ("fd00:42::42/128", AddressClass.CloudPlatform),     // Scaleway metadata
        ("fd00:100::100:200/128", AddressClass.CloudPlatform), // Alibaba metadata
        ("fd00:a9fe:a9fe::1/128", AddressClass.CloudPlatform), // Linode metadata
        ("fd00:c1::a9fe:a9fe/128", AddressClass.CloudPlatform), // Oracle metadata
        ("fd00:ec2::/32", AddressClass.CloudPlatform),       // AWS: metadata, pod identity, time, name server
        ("fd20:ce::254/128", AddressClass.CloudPlatform),    // Google metadata

        ("::/128", AddressClass.Unspecified),
        ("::1/128", AddressClass.Loopback),
        ("::/96", AddressClass.Transition),                  // IPv4-compatible
        ("::ffff:0:0:0/96", AddressClass.Transition),        // IPv4-translated
        ("64:ff9b::/96", AddressClass.Transition),           // NAT64
        ("64:ff9b:1::/48", AddressClass.Transition),         // NAT64, local use
        ("100::/64", AddressClass.Infrastructure),           // discard
        ("100:0:0:1::/64", AddressClass.Infrastructure),     // dummy prefix
        ("2001::/32", AddressClass.Transition),              // Teredo
        ("2001:2::/48", AddressClass.Benchmarking),
        ("2001::/23", AddressClass.Infrastructure),          // IETF assignments: AMT, AS112, ORCHID, DET
        ("2001:db8::/32", AddressClass.Documentation),
        ("2002::/16", AddressClass.Transition),              // 6to4
        ("2620:4f:8000::/48", AddressClass.Infrastructure),  // AS112
        ("3fff::/20", AddressClass.Documentation),
        ("5f00::/16", AddressClass.Infrastructure),          // SRv6 segment identifiers
        ("fc00::/7", AddressClass.Private),
        ("fe80::/10", AddressClass.LinkLocal),
        ("fec0::/10", AddressClass.LinkLocal),
        ("ff00::/8", AddressClass.Multicast),
    ];

    public static ReadOnlySpan<SpecialRange> IPv4 => IPv4Ranges;

    public static ReadOnlySpan<SpecialRange> IPv6 => IPv6Ranges;
}
