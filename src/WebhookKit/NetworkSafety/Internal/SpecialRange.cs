using System.Net;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>A block of addresses that are not ordinary.</summary>
internal readonly record struct SpecialRange(IPNetwork Network, AddressClass Class)
{
    public static implicit operator SpecialRange((string Network, AddressClass Class) row) =>
        new(IPNetwork.Parse(row.Network), row.Class);
}
