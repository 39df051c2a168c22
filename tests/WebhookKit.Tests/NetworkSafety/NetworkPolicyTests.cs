using System.Net;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

public sealed class NetworkPolicyTests
{
    [Fact]
    public void Default_PermitsPublicAddressesOnPort443Alone()
    {
        Assert.Equal([443], NetworkPolicy.Default.AllowedPorts);
        Assert.True(Permits(NetworkPolicy.Default, "8.8.8.8", 443));
        Assert.False(Permits(NetworkPolicy.Default, "8.8.8.8", 80));
        Assert.False(Permits(NetworkPolicy.Default, "127.0.0.1", 443));
    }

    [Fact]
    public void AllowPorts_AddsToThePortsAndKeepsTheOriginal()
    {
        var policy = NetworkPolicy.Default.AllowPorts(8443, 9443, 8443);

        Assert.Equal([443, 8443, 9443], policy.AllowedPorts);
        Assert.Equal([443], NetworkPolicy.Default.AllowedPorts);
        Assert.False(Permits(policy, "10.0.0.1", 8443));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void AllowPorts_NotAPort_Throws(int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkPolicy.Default.AllowPorts(port));

    [Fact]
    public void AllowLoopback_OpensEveryPortThereAndNothingElse()
    {
        var policy = new NetworkPolicy { AllowLoopback = true };

        Assert.True(Permits(policy, "127.0.0.1", 5000));
        Assert.False(Permits(policy, "127.0.0.1", 0));
        Assert.False(Permits(policy, "8.8.8.8", 5000));
        Assert.False(Permits(policy, "0.0.0.0", 443));
        Assert.False(Permits(policy, "10.0.0.1", 443));
    }

    [Fact]
    public void Equals_PoliciesThatPermitTheSame_AreEqual()
    {
        var one = new NetworkPolicy { AllowLoopback = true }.AllowPorts(1, 2);
        var other = NetworkPolicy.Default.AllowPorts(2).AllowPorts(1) with { AllowLoopback = true };

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, other.AllowPorts(3));
        Assert.NotEqual(one, other with { AllowLoopback = false });
        Assert.NotEqual(one, other with { AllowInsecureEndpoints = true });
        Assert.NotEqual(one, other.AllowNetwork(IPNetwork.Parse("10.0.0.0/8")));
        Assert.NotEqual(one, other.AllowNat64(IPNetwork.Parse("64:ff9b::/96")));
        Assert.Equal(
            one.AllowNetwork(IPNetwork.Parse("10.0.0.0/8"), 1, 2).AllowNat64(IPNetwork.Parse("64:ff9b::/96")),
            other.AllowNat64(IPNetwork.Parse("64:ff9b::/96")).AllowNetwork(IPNetwork.Parse("10.0.0.0/8"), 2, 1));
    }

    [Theory]
    [InlineData("10.20.0.1", 8443, true)]
    [InlineData("::ffff:10.20.255.255", 9443, true)]
    [InlineData("10.20.0.1", 443, false)]
    [InlineData("10.21.0.1", 8443, false)]
    [InlineData("127.0.0.1", 8443, false)]
    [InlineData("8.8.8.8", 8443, false)]
    [InlineData("8.8.8.8", 443, true)]
    [InlineData("64:ff9b::10.20.0.1", 8443, false)]
    [InlineData("::10.20.0.1", 8443, false)]
    [InlineData("2002:a14:1::", 8443, false)]
    [InlineData("fd12:3456::1", 443, true)]
    [InlineData("fd12:3457::1", 443, false)]
    [InlineData("203.0.114.9", 8443, true)]
    [InlineData("203.0.115.9", 8443, false)]
    public void AllowNetwork_OpensItsPortsThereAndNothingElse(string address, int port, bool permitted)
    {
        var policy = NetworkPolicy.Default
            .AllowNetwork(IPNetwork.Parse("10.20.0.0/16"), 8443, 9443)
            .AllowNetwork(IPNetwork.Parse("203.0.114.0/24"), 8443)
            .AllowNetwork(IPNetwork.Parse("fd12:3456::/32"));

        Assert.Equal(permitted, Permits(policy, address, port));
        Assert.Equal([443], policy.AllowedPorts);
    }

    [Theory]
    [InlineData("100.64.0.0/10", "100.100.100.200")]
    [InlineData("8.0.0.0/5", "8.8.8.8 10.0.0.1", true)]
    [InlineData("128.0.0.0/1", "168.63.129.16 169.254.169.254 192.0.0.192 224.0.0.1 240.0.0.1 255.255.255.255")]
    [InlineData("fc00::/7", "fd00:ec2::254 fd00:ec2::23 fd20:ce::254")]
    [InlineData("2000::/3", "2001::1 2002:7f00:1::1 2001:db8::1 3fff::1 2606:4700::5efe:7f00:1")]
    public void AllowNetwork_WhatIsNobodysReceiver_StaysRefusedWithinIt(string network, string addresses, bool permitted = false)
    {
        var policy = NetworkPolicy.Default.AllowNetwork(IPNetwork.Parse(network), 443, 8443);

        Assert.All(addresses.Split(' '), address => Assert.Equal(permitted, Permits(policy, address, 8443)));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("169.254.0.0/16")]
    [InlineData("169.254.169.254/32")]
    [InlineData("224.0.0.0/4")]
    [InlineData("::/0")]
    [InlineData("64:ff9b::/96")]
    [InlineData("2002::/16")]
    [InlineData("fe80::/10")]
    [InlineData("::ffff:10.0.0.0/104")]
    public void AllowNetwork_RangeOfAnotherKind_IsRefusedWithTheCure(string network)
    {
        var exception = Assert.Throws<ArgumentException>(() => NetworkPolicy.Default.AllowNetwork(IPNetwork.Parse(network)));

        Assert.Contains("name a public, private", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllowNetwork_NotAPort_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkPolicy.Default.AllowNetwork(IPNetwork.Parse("10.0.0.0/8"), 0));

    // RFC 6052 section 2.4 writes 192.0.2.33 under each of its prefixes; here with a public and a private address.
    [Theory]
    [InlineData("2001:db8::/32", "2001:db8:808:808::", "2001:db8:a00:1::")]
    [InlineData("2001:db8:100::/40", "2001:db8:108:808:8::", "2001:db8:10a:0:1::")]
    [InlineData("2001:db8:122::/48", "2001:db8:122:808:8:800::", "2001:db8:122:a00:0:100::")]
    [InlineData("2001:db8:122:300::/56", "2001:db8:122:308:8:808::", "2001:db8:122:30a:0:1::")]
    [InlineData("2001:db8:122:344::/64", "2001:db8:122:344:8:808:800::", "2001:db8:122:344:a:0:100::")]
    [InlineData("2001:db8:122:344::/96", "2001:db8:122:344::808:808", "2001:db8:122:344::a00:1")]
    [InlineData("64:ff9b::/96", "64:ff9b::8.8.8.8", "64:ff9b::10.0.0.1")]
    [InlineData("2a00:1234::/96", "2a00:1234::8.8.8.8", "2a00:1234::10.0.0.1")]
    public void AllowNat64_JudgesByTheAddressBehindTheTranslator(string prefix, string toPublic, string toPrivate)
    {
        var policy = NetworkPolicy.Default.AllowNat64(IPNetwork.Parse(prefix));

        Assert.True(policy.Permits(IPAddress.Parse(toPublic), 443, out var publicClass));
        Assert.False(policy.Permits(IPAddress.Parse(toPrivate), 443, out var privateClass));
        Assert.Equal((AddressClass.Public, AddressClass.Private), (publicClass, privateClass));
        Assert.True(Permits(policy.AllowNetwork(IPNetwork.Parse("10.0.0.0/24")), toPrivate, 443));
        Assert.False(Permits(policy, toPublic, 80));
    }

    [Fact]
    public void AllowNat64_LoopbackAllowed_IsNotTheTranslatorsLoopback()
    {
        var policy = new NetworkPolicy { AllowLoopback = true }.AllowNat64(IPNetwork.Parse("64:ff9b::/96"));

        Assert.True(Permits(policy, "127.0.0.1", 5000));
        Assert.False(Permits(policy, "64:ff9b::127.0.0.1", 5000));
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("64:ff9b::/95")]
    [InlineData("64:ff9b::/128")]
    public void AllowNat64_NoSuchPrefix_Throws(string prefix) =>
        Assert.Throws<ArgumentException>(() => NetworkPolicy.Default.AllowNat64(IPNetwork.Parse(prefix)));

    private static bool Permits(NetworkPolicy policy, string address, int port) => policy.Permits(IPAddress.Parse(address), port, out _);
}
