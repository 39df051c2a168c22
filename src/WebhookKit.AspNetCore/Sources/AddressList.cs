using System.Net;

namespace WebhookKit.Sources;

/// <summary>The networks that may send to a source; empty allows every one.</summary>
internal sealed class AddressList(IReadOnlyList<IPNetwork> networks)
{
    /// <summary>Reads addresses and networks; one that is neither is added to <paramref name="wrong"/>.</summary>
    public static AddressList Parse(IEnumerable<string> texts, List<string> wrong)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                wrong.Add(text);
            }
        }

        return new AddressList(networks);
    }

    public bool Allows(IPAddress? address)
    {
        if (networks.Count == 0)
        {
            return true;
        }

        // A socket for both versions shows IPv4 senders as ::ffff:a.b.c.d.
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && networks.Any(network => network.Contains(plain));
    }
}
