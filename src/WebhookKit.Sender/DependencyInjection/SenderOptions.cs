using System.Net;
using System.Reflection;
using WebhookKit.NetworkSafety;
using WebhookKit.Retry;

namespace WebhookKit;

/// <summary>How the sender dispatches and sends.</summary>
public sealed class SenderOptions
{
    /// <summary>The delays between the attempts of a delivery.</summary>
    /// <value>Default: <see cref="RetrySchedule.Default"/>, ten attempts over about three days.</value>
    public RetrySchedule RetrySchedule { get; set; } = RetrySchedule.Default;

    /// <summary>The deadline of one attempt over connecting, sending and reading the response.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a lease outlives <see cref="AttemptTimeout"/>: time to write the outcome before others may lease.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan LeaseMargin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The deadline for resolving and connecting, TLS included; part of <see cref="AttemptTimeout"/>.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most attempts this process makes at once.</summary>
    /// <value>
    /// Default: 1,000; endpoints that take clearly longer than the median have at most half of them. While fewer than a
    /// quarter are free, messages wait in the outbox.
    /// </value>
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>The most attempts this process makes at once to one endpoint.</summary>
    /// <value>
    /// Default: 16; a quarter of them is kept for first attempts. A new endpoint begins with a quarter; every failure to
    /// answer halves what an endpoint has, down to 2, and every success gives it one more.
    /// </value>
    public int MaxInFlightPerEndpoint { get; set; } = 16;

    /// <summary>When an endpoint's failures open its circuit or disable it.</summary>
    /// <value>Default: <see cref="EndpointHealthPolicy.Default"/>. Give every node the same.</value>
    public EndpointHealthPolicy EndpointHealth { get; set; } = EndpointHealthPolicy.Default;

    /// <summary>How often the store is looked through for work that nobody announced.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How much of a response's body is read and kept with the attempt, in bytes.</summary>
    /// <value>Default: 8 KiB, which is also the most.</value>
    public int MaxKeptResponseBytes { get; set; } = SenderDefaults.MaxKeptResponseBytes;

    /// <summary>How long attempts in flight may still take when the host stops; then they are given up.</summary>
    /// <value>Default: 20 seconds. Keep it shorter than the host's own shutdown timeout, which ends the wait in any case.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether <c>http</c> and port 80 are allowed, for development; certificates are checked all the same.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowInsecureEndpoints { get; set; }

    /// <summary>Whether loopback addresses are allowed, on any port, for development.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowLoopback { get; set; }

    /// <summary>An HTTP proxy, such as <c>http://user:password@egress.internal:3128</c>, that every connection is tunneled through.</summary>
    /// <value>Default: <see langword="null"/>, none; the proxy variables of the environment are never read.</value>
    /// <remarks>Names are resolved and judged by the sender all the same; the proxy is asked for an address (<c>CONNECT</c>).</remarks>
    public Uri? Proxy { get; set; }

    /// <summary>Whether the <c>traceparent</c> of the publishing operation is sent along. Baggage never is.</summary>
    /// <value>Default: <see langword="false"/>; endpoints are third parties, whom one's traces do not concern.</value>
    public bool SendTraceContext { get; set; }

    /// <summary>Orders deployments: the declared endpoints of the greatest win while several versions run.</summary>
    /// <value>Default: the version of the entry assembly, 16 bits for each part.</value>
    public long DeploymentVersion { get; set; } = VersionOf(Assembly.GetEntryAssembly()?.GetName().Version);

    internal bool IsDispatcherDisabled { get; set; }

    internal TimeSpan LeaseDuration => AttemptTimeout + LeaseMargin;

    private NetworkPolicy Allowed { get; set; } = NetworkPolicy.Default;

    internal NetworkPolicy NetworkPolicy =>
        Allowed with { AllowInsecureEndpoints = AllowInsecureEndpoints, AllowLoopback = AllowLoopback };

    /// <summary>Allows endpoints on more ports than 443.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A port is not within 1 to 65535.</exception>
    public void AllowPorts(params ReadOnlySpan<int> ports) => Allowed = Allowed.AllowPorts(ports);

    /// <summary>Allows a network on some ports, for receivers inside one's own network.</summary>
    /// <param name="network">A public, private, shared, loopback or benchmarking network, for example <c>10.20.0.0/16</c>.</param>
    /// <param name="ports">The ports allowed there; 443 when none is given.</param>
    /// <remarks>Every other rule stays; cloud metadata, multicast and transition addresses are refused also within it.</remarks>
    /// <exception cref="ArgumentException">It is no network, or begins in a range that cannot be allowed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A port is not within 1 to 65535.</exception>
    public void AllowNetwork(string network, params ReadOnlySpan<int> ports) =>
        Allowed = Allowed.AllowNetwork(ParseNetwork(network, nameof(network)), ports);

    /// <summary>Judges the addresses of a NAT64 translator by the IPv4 address they lead to.</summary>
    /// <param name="prefix">The translator's prefix (RFC 6052): <c>64:ff9b::/96</c> or one's own.</param>
    /// <remarks>Needed where the host's network reaches IPv4 through NAT64 only; without it such addresses are refused.</remarks>
    /// <exception cref="ArgumentException">It is no IPv6 network of length 32, 40, 48, 56, 64 or 96.</exception>
    public void AllowNat64(string prefix) => Allowed = Allowed.AllowNat64(ParseNetwork(prefix, nameof(prefix)));

    private static IPNetwork ParseNetwork(string text, string parameter) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new ArgumentException($"'{text}' is no network: write its address and length, such as 10.20.0.0/16.", parameter);

    private static long VersionOf(Version? version) => version is null
        ? 0
        : ((long)(version.Major & 0x7FFF) << 48)
            | ((long)(version.Minor & 0xFFFF) << 32)
            | ((long)(Math.Max(version.Build, 0) & 0xFFFF) << 16)
            | (long)(Math.Max(version.Revision, 0) & 0xFFFF);
}
