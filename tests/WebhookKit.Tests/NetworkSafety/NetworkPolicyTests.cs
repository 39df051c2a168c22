using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

public sealed class NetworkPolicyTests
{
    [Fact]
    public void Default_PermitsPublicAddressesOnPort443Alone()
    {
        Assert.Equal([443], NetworkPolicy.Default.AllowedPorts);
        Assert.True(NetworkPolicy.Default.Permits(AddressClass.Public, 443));
        Assert.False(NetworkPolicy.Default.Permits(AddressClass.Public, 80));
        Assert.False(NetworkPolicy.Default.Permits(AddressClass.Loopback, 443));
    }

    [Fact]
    public void AllowPorts_AddsToThePortsAndKeepsTheOriginal()
    {
        var policy = NetworkPolicy.Default.AllowPorts(8443, 9443, 8443);

        Assert.Equal([443, 8443, 9443], policy.AllowedPorts);
        Assert.Equal([443], NetworkPolicy.Default.AllowedPorts);
        Assert.False(policy.Permits(AddressClass.Private, 8443));
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

        Assert.True(policy.Permits(AddressClass.Loopback, 5000));
        Assert.False(policy.Permits(AddressClass.Loopback, 0));
        Assert.False(policy.Permits(AddressClass.Public, 5000));
        Assert.False(policy.Permits(AddressClass.Unspecified, 443));
        Assert.False(policy.Permits(AddressClass.Private, 443));
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
    }
}
