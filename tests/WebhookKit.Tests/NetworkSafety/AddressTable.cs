using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

/// <summary>Addresses and what they are for; also the sender's tests try to reach each of them.</summary>
internal static class AddressTable
{
    /// <summary>Class, then addresses: the edges of each range, and what lies inside.</summary>
    public static readonly (AddressClass Class, string Addresses)[] Special =
    [
        (AddressClass.Unspecified, "0.0.0.0 0.1.2.3 0.255.255.255 ::"),
        (AddressClass.Loopback, "127.0.0.0 127.0.0.1 127.0.0.53 127.255.255.255 ::1"),
        (AddressClass.Private, "10.0.0.0 10.1.2.3 10.255.255.255 172.16.0.0 172.20.1.1 172.31.255.255 192.168.0.0 192.168.1.1 192.168.255.255"),
        (AddressClass.Private, "fc00:: fd00:: fd12:3456::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        (AddressClass.Shared, "100.64.0.0 100.100.100.100 100.127.255.255"),
        (AddressClass.LinkLocal, "169.254.0.0 169.254.1.1 169.254.255.255 fe80:: fe80::1 febf:ffff::1 fec0:: feff:ffff::1"),
        (AddressClass.CloudPlatform, "169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200 192.0.0.192 168.63.129.16"),
        (AddressClass.CloudPlatform, "fd00:ec2::254 fd00:ec2::23 fd00:ec2::123 fd00:42::42 fd00:100::100:200 fd00:a9fe:a9fe::1 fd00:c1::a9fe:a9fe fd20:ce::254"),
        (AddressClass.Multicast, "224.0.0.0 239.255.255.255 ff00:: ff02::1 ffff:ffff::1"),
        (AddressClass.Documentation, "192.0.2.0 192.0.2.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255"),
        (AddressClass.Documentation, "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 3fff:: 3fff:0fff::1"),
        (AddressClass.Benchmarking, "198.18.0.0 198.19.255.255 2001:2:: 2001:2:0:ffff::1"),
        (AddressClass.Infrastructure, "192.0.0.0 192.0.0.255 192.31.196.0 192.31.196.255 192.52.193.0 192.52.193.255 192.175.48.0 192.175.48.255"),
        (AddressClass.Infrastructure, "100:: 100::ffff:ffff:ffff:ffff 100:0:0:1:: 2001:1::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:1ff:ffff::1"),
        (AddressClass.Infrastructure, "2620:4f:8000:: 2620:4f:8000:ffff::1 5f00:: 5f00:ffff::1"),
        (AddressClass.Transition, "192.88.99.0 192.88.99.255 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8"),
        (AddressClass.Transition, "64:ff9b:: 64:ff9b::7f00:1 64:ff9b::ffff:ffff 64:ff9b:1:: 64:ff9b:1:ffff::1"),
        (AddressClass.Transition, "2001:: 2001:0:7f00:1::1 2001:0:ffff::1 2002:: 2002:7f00:1::1 2002:ffff::1"),
        (AddressClass.Transition, "2606:4700::5efe:7f00:1 2606:4700::200:5efe:808:808"),
        (AddressClass.Reserved, "240.0.0.0 255.255.255.254 255.255.255.255"),
        (AddressClass.Reserved, "0:0:0:1:: 64:ff9b:2::1 100:0:0:2::1 200::1 1fff:ffff::1 4000:: 5eff::1 5f01::1 8000::1 fbff::1 fe00::1 fe7f::1"),
    ];

    /// <summary>Ordinary addresses, most of them the neighbours of special ranges.</summary>
    public static readonly string[] Ordinary = (
        "1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 "
        + "168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 "
        + "192.0.1.255 192.0.3.0 192.31.195.255 192.31.197.0 192.52.192.255 192.52.194.0 192.88.98.255 192.88.100.0 "
        + "192.167.255.255 192.169.0.0 192.175.47.255 192.175.49.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 "
        + "203.0.112.255 203.0.114.0 223.255.255.255 "
        + "2000:: 2000:ffff::1 2001:200:: 2001:db7:ffff::1 2001:db9:: 2001:4860:4860::8888 2003:: 2606:4700::1111 "
        + "2620:4f:7fff:ffff::1 2620:4f:8001:: 3ffe:ffff::1 3fff:1000:: 3fff:ffff::1 2606:4700::100:5efe:808:808 2606:4700::5eff:808:808").Split(' ');
}
