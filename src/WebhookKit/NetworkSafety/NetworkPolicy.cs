using System.Collections.Immutable;
using System.Net;

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

    /// <summary>The ports allowed on any permitted address.</summary>
    /// <value>Defaults to 443 alone.</value>
    public IReadOnlyCollection<int> AllowedPorts => Ports;

    private ImmutableSortedSet<int> Ports { get; init; } = [443];

    /// <summary>Returns a copy that allows more ports.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A port is not within 1 to 65535.</exception>
    public NetworkPolicy AllowPorts(params ReadOnlySpan<int> ports)
    {
        foreach (var port in ports)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(port, 1, nameof(ports));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort, nameof(ports));
        }

        return this with { Ports = Ports.Union(ports.ToArray()) };
    }

    /// <summary>Says whether both policies permit the same.</summary>
    public bool Equals(NetworkPolicy? other) =>
        other is not null
        && AllowInsecureEndpoints == other.AllowInsecureEndpoints
        && AllowLoopback == other.AllowLoopback
        && Ports.SetEquals(other.Ports);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(AllowInsecureEndpoints, AllowLoopback, Ports.Count);

    internal bool Permits(AddressClass addressClass, int port) => addressClass switch
    {
        AddressClass.Public => PermitsPort(port),
        AddressClass.Loopback => AllowLoopback && port > 0,
        _ => false,
    };

    internal bool PermitsPort(int port) =>
        Ports.Contains(port) || (AllowInsecureEndpoints && port == 80);
}
