namespace WebhookKit.NetworkSafety;

/// <summary>What an address is for. Only <see cref="Public"/> is ordinary; everything else is refused by default.</summary>
public enum AddressClass
{
    /// <summary>Not classified; refused.</summary>
    Unclassified,

    /// <summary>Ordinary global unicast.</summary>
    Public,

    /// <summary>This machine: 127.0.0.0/8 and ::1.</summary>
    Loopback,

    /// <summary>"This network", which reaches the machine itself on some systems: 0.0.0.0/8 and ::.</summary>
    Unspecified,

    /// <summary>Private networks: RFC 1918 and unique local IPv6 (RFC 4193).</summary>
    Private,

    /// <summary>Shared address space behind carrier-grade NAT (RFC 6598).</summary>
    Shared,

    /// <summary>Link-local, and the deprecated site-local.</summary>
    LinkLocal,

    /// <summary>A cloud platform's metadata, credential or agent address.</summary>
    CloudPlatform,

    /// <summary>Multicast.</summary>
    Multicast,

    /// <summary>Documentation examples.</summary>
    Documentation,

    /// <summary>Benchmarking and lab networks.</summary>
    Benchmarking,

    /// <summary>Protocol infrastructure: IETF assignments, AS112, AMT, discard, segment identifiers.</summary>
    Infrastructure,

    /// <summary>IPv6 forms that embed an IPv4 address and let a translator decide where it leads, and the 6to4 relay.</summary>
    Transition,

    /// <summary>Reserved, broadcast, or never allocated.</summary>
    Reserved,
}
