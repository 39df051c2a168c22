using System.Net;
using FsCheck;
using FsCheck.Fluent;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

public sealed class AddressClassifierTests
{
    public static TheoryData<AddressClass, string> SpecialAddresses()
    {
        var data = new TheoryData<AddressClass, string>();
        foreach (var (addressClass, addresses) in AddressTable.Special)
        {
            foreach (var address in addresses.Split(' '))
            {
                data.Add(addressClass, address);
            }
        }

        return data;
    }

    public static TheoryData<string> OrdinaryAddresses() => [.. AddressTable.Ordinary];

    [Theory]
    [MemberData(nameof(SpecialAddresses))]
    public void Classify_SpecialAddress_NamesItsClass(AddressClass expected, string address) =>
        Assert.Equal(expected, AddressClassifier.Classify(IPAddress.Parse(address)));

    [Theory]
    [MemberData(nameof(OrdinaryAddresses))]
    public void Classify_OrdinaryAddress_IsPublic(string address) =>
        Assert.Equal(AddressClass.Public, AddressClassifier.Classify(IPAddress.Parse(address)));

    [Fact]
    public void Classify_AnyIPv4_IsTheSameWhenMapped() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            var address = new IPAddress([.. bytes.Concat(new byte[4]).Take(4)]);
            return AddressClassifier.Classify(address) == AddressClassifier.Classify(address.MapToIPv6());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Classify_AnyIPv6OutsideGlobalUnicast_IsNotPublic()
    {
        var outside = from first in Gen.Choose(0, 255).Where(b => b >> 5 != 1)
                      from rest in Gen.Choose(0, 255).ListOf(15)
                      select new IPAddress([(byte)first, .. rest.Select(b => (byte)b)]);

        Prop.ForAll(outside.ToArbitrary(), address => AddressClassifier.Classify(address) != AddressClass.Public)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Classify_WithAScope_IgnoresIt() =>
        Assert.Equal(AddressClass.LinkLocal, AddressClassifier.Classify(IPAddress.Parse("fe80::1%3")));

    [Fact]
    public void Policy_WithEverythingSwitchedOn_PermitsPublicAndLoopbackAlone()
    {
        var everything = new NetworkPolicy { AllowLoopback = true, AllowInsecureEndpoints = true };

        var permitted = AddressTable.Special.Append((AddressClass.Public, string.Join(' ', AddressTable.Ordinary)))
            .Where(row => row.Item2.Split(' ').Any(address => everything.Permits(IPAddress.Parse(address), 443, out _)))
            .Select(row => row.Item1);

        Assert.Equal([AddressClass.Loopback, AddressClass.Public], permitted);
        Assert.Equal(AddressClass.Unclassified, default);
    }
}
