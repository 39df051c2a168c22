using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using WebhookKit.NetworkSafety.Internal;

namespace WebhookKit.NetworkSafety;

/// <summary>Which endpoints may be called: by default public addresses over <c>https</c> on port 443. Immutable.</summary>
/// <remarks>Policies that permit the same compare equal, so that handlers can be kept per policy.</remarks>
public sealed record NetworkPolicy
{
    /// <summary>The strictest policy, meant for production.</summary>
    public static NetworkPolicy Default { get; } = new();

    /// <summary>Whether <c>http</c>, and with it port 80, is allowed; certificates are checked all the same.</summary>
    /// <value>Defaults to <see langword="false"/>.</value>
    public bool AllowInsecureEndpoints { get; init; }

    /// <summary>Whether loopback addresses are allowed, on any port; private addresses stay refused.</summary>
    /// <value>Defaults to <see langword="false"/>.</value>
    public bool AllowLoopback { get; init; }

    /// <summary>The ports allowed on any public address.</summary>
    /// <value>Defaults to 443 alone.</value>
    public IReadOnlyCollection<int> AllowedPorts => Ports;

    private ImmutableSortedSet<int> Ports { get; init; } = [443];

    private ImmutableHashSet<(IPNetwork Network, int Port)> Networks { get; init; } = [];

    private ImmutableHashSet<Nat64Prefix> Nat64Prefixes { get; init; } = [];

    /// <summary>Returns a copy that allows more ports on public addresses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A port is not within 1 to 65535.</exception>
    public NetworkPolicy AllowPorts(params ReadOnlySpan<int> ports)
    {
        CheckPorts(ports);
        return this with { Ports = Ports.Union(ports.ToArray()) };
    }

    /// <summary>Returns a copy that allows a network on some ports, for receivers inside one's own network.</summary>
    /// <param name="network">A public, private (RFC 1918, RFC 4193), shared (RFC 6598), loopback or benchmarking network.</param>
    /// <param name="ports">The ports allowed there; 443 when none is given.</param>
    /// <remarks>
    /// Every other rule stays: the scheme, the host names, and that all addresses of a name have to be allowed. What
    /// clouds keep for their metadata, multicast and transition addresses are never allowed, also within the network.
    /// </remarks>
    /// <exception cref="ArgumentException">The network begins in a range that cannot be allowed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A port is not within 1 to 65535.</exception>
    public NetworkPolicy AllowNetwork(IPNetwork network, params ReadOnlySpan<int> ports)
    {
        CheckPorts(ports);
        var addressClass = AddressClassifier.Classify(network.BaseAddress);
        if (network.BaseAddress.IsIPv4MappedToIPv6 || !CanBeAllowed(addressClass))
        {
            throw new ArgumentException(
                $"The network {network} cannot be allowed ({addressClass}): name a public, private, shared, loopback or "
                    + "benchmarking network, in IPv4 or IPv6 form.",
                nameof(network));
        }

        int[] allowed = ports.IsEmpty ? [443] : ports.ToArray();
        return this with { Networks = Networks.Union(allowed.Select(port => (network, port))) };
    }

    /// <summary>Returns a copy that judges addresses of a NAT64 translator by the IPv4 address they lead to.</summary>
    /// <param name="prefix">
    /// The translator's prefix, of length 32, 40, 48, 56, 64 or 96 (RFC 6052): <c>64:ff9b::/96</c> or one's own.
    /// </param>
    /// <remarks>
    /// Without it, addresses under the well-known prefixes are refused, and those under a prefix of one's own look public.
    /// </remarks>
    /// <exception cref="ArgumentException">The prefix is not IPv6 or has another length.</exception>
    public NetworkPolicy AllowNat64(IPNetwork prefix)
    {
        if (prefix.BaseAddress.AddressFamily != AddressFamily.InterNetworkV6 || !Nat64Prefix.IsPossible(prefix))
        {
            throw new ArgumentException(
                $"{prefix} is no NAT64 prefix: give an IPv6 network of length 32, 40, 48, 56, 64 or 96.", nameof(prefix));
        }

        return this with { Nat64Prefixes = Nat64Prefixes.Add(new Nat64Prefix(prefix)) };
    }

    /// <summary>Says whether both policies permit the same.</summary>
    public bool Equals(NetworkPolicy? other) =>
        other is not null
        && AllowInsecureEndpoints == other.AllowInsecureEndpoints
        && AllowLoopback == other.AllowLoopback
        && Ports.SetEquals(other.Ports)
        && Networks.SetEquals(other.Networks)
        && Nat64Prefixes.SetEquals(other.Nat64Prefixes);

    /// <inheritdoc />
    public override int GetHashCode() =>
        HashCode.Combine(AllowInsecureEndpoints, AllowLoopback, Ports.Count, Networks.Count, Nat64Prefixes.Count);

    /// <param name="address">Where a connection would go to.</param>
    /// <param name="port">On which port.</param>
    /// <param name="addressClass">The class of the address, or of the IPv4 address that it leads to.</param>
    internal bool Permits(IPAddress address, int port, out AddressClass addressClass)
    {
        var translated = Translate(address);
        var target = translated ?? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        addressClass = AddressClassifier.Classify(target);
        return (addressClass == AddressClass.Public && PermitsPort(port))
            // The loopback of this machine, not that of a translator.
            || (addressClass == AddressClass.Loopback && AllowLoopback && translated is null && port > 0)
            || (CanBeAllowed(addressClass) && PermitsNetwork(target, port));
    }

    internal bool PermitsPort(int port) =>
        Ports.Contains(port) || (AllowInsecureEndpoints && port == 80);

    /// <summary>Whether some address may be called on that port, as far as a name says.</summary>
    internal bool PermitsPortSomewhere(int port) =>
        PermitsPort(port) || Networks.Any(allowed => allowed.Port == port);

    // What may be a network of the host's own. Metadata, multicast and what leads elsewhere never is.
    private static bool CanBeAllowed(AddressClass addressClass) => addressClass
        is AddressClass.Public or AddressClass.Private or AddressClass.Shared or AddressClass.Loopback or AddressClass.Benchmarking;

    private bool PermitsNetwork(IPAddress address, int port) =>
        Networks.Any(allowed => allowed.Port == port && allowed.Network.Contains(address));

    private IPAddress? Translate(IPAddress address) =>
        Nat64Prefixes.Select(prefix => prefix.Unwrap(address)).FirstOrDefault(embedded => embedded is not null);

    private static void CheckPorts(ReadOnlySpan<int> ports)
    {
        foreach (var port in ports)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(port, 1, nameof(ports));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort, nameof(ports));
        }
    }
}
