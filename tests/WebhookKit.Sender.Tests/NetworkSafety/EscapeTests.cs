using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.NetworkSafety;
using WebhookKit.Sender.Tests.Sending;
using WebhookKit.Sending;
using WebhookKit.Testing;
using WebhookKit.Tests.NetworkSafety;
using Xunit.Abstractions;

namespace WebhookKit.Sender.Tests.NetworkSafety;

/// <summary>Every form of every special address, tried through the sender: what it would connect to is recorded.</summary>
/// <remarks>The whole process has proxy variables set, see <see cref="ProxyTrap"/>.</remarks>
public sealed class EscapeTests(ITestOutputHelper output)
{
    private static readonly string[] Special =
        [.. AddressTable.Special.SelectMany(row => row.Addresses.Split(' ')).Distinct()];

    // Also what "1.2.3" is short for, among the disguises.
    private static readonly HashSet<IPAddress> Ordinary = [.. AddressTable.Ordinary.Append("1.2.0.3").Select(IPAddress.Parse)];

    /// <summary>Hosts that are not what they seem; what each leads to is the resolver's to say.</summary>
    private static readonly string[] Disguises =
    [
        "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "1.2.3", "0", "127.0.0.1.", "localhost", "localhost.",
        "LOCALHOST", "a.localhost", "a.localhost.", "a.local", "a.internal", "metadata.google.internal", "metadata.google.internal.",
        "postgres", "postgres.", "①⑥⑨.②⑤④.①⑥⑨.②⑤④", "１２７.０.０.１", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "％6cocalhost", "[::ffff:7f00:1]",
        "[::127.0.0.1]", "[::10.0.0.1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[2606:4700::1111%251]", "user:pass@127.0.0.1",
        "example.com@127.0.0.1", "example.com%2f@127.0.0.1", "example.com\\@127.0.0.1", "127.0.0.1%00.example.com", "a..example", "256.1.1.1",
        "1.2.3.4.5", "-a.example", "rebind.example", "rebind.example.", "xn--80ak6aa92e.example", "bücher.example", "127.0.0.1.nip.example",
    ];

    private static readonly string[] Schemes = ["https", "http"];
    private static readonly string[] Ports = ["", ":443", ":80", ":8443", ":0", ":22"];

    private readonly RecordingNetwork _network = new();
    private int _cases;

    public static TheoryData<string> Policies => ["default", "insecure", "open"];

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task LiteralAddress_InAnyForm_IsNotConnectedTo(string policy)
    {
        await using var services = Build(policy);
        foreach (var url in from address in Special
                            from host in Forms(IPAddress.Parse(address))
                            from scheme in Schemes
                            from port in Ports.Take(4)
                            select $"{scheme}://{host}{port}/hooks")
        {
            await AttemptAsync(services, url);
        }

        AssertNoEscape(atLeast: 2_000, connects: 0);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task NameThatLeadsToASpecialAddress_AloneOrAmongOthers_IsNotConnectedTo(string policy)
    {
        await using var services = Build(policy);
        foreach (var address in Special)
        {
            string[][] answers =
            [
                [address], ["8.8.8.8", address], [address, "8.8.8.8"], ["8.8.8.8", "2606:4700::1111", Mapped(address)], [Mapped(address)],
            ];
            foreach (var answer in answers)
            {
                _network.Answer = _ => answer;
                await AttemptAsync(services, "https://rebind.example/hooks");
            }
        }

        AssertNoEscape(atLeast: 500, connects: 0);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task NameThatChangesItsAnswer_IsConnectedToOnlyWhereThatVeryAnswerLed(string policy)
    {
        await using var services = Build(policy);
        foreach (var address in Special)
        {
            _network.Reset();
            _network.Answer = asked => asked % 2 == 0 ? ["8.8.8.8"] : [address];
            for (var i = 0; i < 4; i++)
            {
                await AttemptAsync(services, "https://rebind.example/hooks");
            }

            // Asked once for each attempt, and connected in the two whose answer was ordinary: nothing is asked again in between.
            Assert.Equal((4, 2), (_network.Asked, _network.Connects.Count));
            Assert.All(_network.Connects, connect => Assert.Equal(IPEndPoint.Parse("8.8.8.8:443"), connect));
        }

        AssertNoEscape(atLeast: 400, connects: 2);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task DisguisedHost_WithALyingNameServer_IsNotConnectedTo(string policy)
    {
        await using var services = Build(policy);
        foreach (var lie in new[] { "127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:10.0.0.1", "0.0.0.0" })
        {
            _network.Answer = _ => [lie];
            foreach (var url in from host in Disguises
                                from scheme in Schemes
                                from port in Ports
                                select $"{scheme}://{host}{port}/hooks")
            {
                await AttemptAsync(services, url);
            }
        }

        AssertNoEscape(atLeast: 3_000);
    }

    [Theory]
    [InlineData("//127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    [InlineData("gopher://127.0.0.1:6379/_x")]
    [InlineData("unix:/var/run/docker.sock")]
    [InlineData("ws://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https:127.0.0.1")]
    [InlineData("https://example.com:65536/")]
    [InlineData("https://example.com:443:80/")]
    [InlineData("https://example.com/\r\nX-Evil: 1")]
    [InlineData("https://example.com/#fragment")]
    [InlineData("")]
    public async Task UrlOfAnotherKind_IsNotConnectedTo(string url)
    {
        _network.Answer = _ => ["8.8.8.8"];
        await using var services = Build("open");

        await AttemptAsync(services, url, through: null);

        AssertNoEscape(atLeast: 1, connects: 0);
    }

    [Fact]
    public async Task OrdinaryAddress_IsConnectedTo_SoThatTheseTestsCanFail()
    {
        await using var services = Build("default");
        foreach (var address in AddressTable.Ordinary)
        {
            _network.Answer = _ => [address];
            await AttemptAsync(services, "https://rebind.example/hooks", through: null);
            await AttemptAsync(services, $"https://{Bracketed(IPAddress.Parse(address))}/hooks", through: null);
        }

        AssertNoEscape(atLeast: 100, connects: 2 * AddressTable.Ordinary.Length);
    }

    [Fact]
    public async Task AllowedNetwork_IsConnectedToOnItsPortAlone()
    {
        await using var services = Build("open");
        foreach (var url in from address in new[] { "10.20.0.1", "10.20.255.255", "10.21.0.1", "10.19.255.255" }
                            from port in new[] { 443, 8443, 80, 22 }
                            select $"https://{address}:{port}/")
        {
            await AttemptAsync(services, url, through: null);
        }

        Assert.Equal([IPEndPoint.Parse("10.20.0.1:8443"), IPEndPoint.Parse("10.20.255.255:8443")], _network.Connects);
    }

    [Fact]
    public async Task ProxyOfTheEnvironment_IsReadByTheFrameworkAndNeverByTheSender()
    {
        using var client = new HttpClient();
        using var trapped = await client.GetAsync(new Uri("http://control.example/"));
        Assert.Equal(HttpStatusCode.BadGateway, trapped.StatusCode);

        await using var receiver = await ScriptedReceiver.StartAsync();
        Assert.Equal(AttemptOutcome.Succeeded, (await Attempting.SendAsync(receiver.Url.ToString())).Attempt.Outcome);

        Assert.Equal("GET http://control.example/ HTTP/1.1", Assert.Single(ProxyTrap.Requests));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.TimedOut)]
    [InlineData(SocketError.HostUnreachable)]
    [InlineData(SocketError.NetworkUnreachable)]
    [InlineData(SocketError.AccessDenied)]
    [InlineData(SocketError.ConnectionReset)]
    public async Task InternalAddress_ClosedFilteredOrUnreachable_ReadsTheSame(SocketError how)
    {
        await using var services = Attempting.Build(
            options => options.AllowNetwork("10.20.0.0/16", 8443),
            register => register.AddSingleton<IAddressConnector>(new FailingConnector(how)));

        var allowed = (await services.SendAsync("https://10.20.0.1:8443/")).Attempt;
        var forbidden = (await services.SendAsync("https://10.21.0.1:8443/")).Attempt;

        Assert.Equal((AttemptOutcome.ConnectFailed, "No connection could be made."), (allowed.Outcome, allowed.Error));
        Assert.Equal(AttemptOutcome.UrlForbidden, forbidden.Outcome);
    }

    /// <summary>The ways to write an address in a URL.</summary>
    private static IEnumerable<string> Forms(IPAddress address)
    {
        yield return Bracketed(address);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            var bytes = address.GetAddressBytes();
            var number = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
            yield return $"[::ffff:{address}]";
            yield return number.ToString(CultureInfo.InvariantCulture);
            yield return $"0x{number:x8}";
            yield return string.Join('.', bytes.Select(part => "0" + Convert.ToString(part, 8)));
            yield return $"{bytes[0]}.{number & 0xFFFFFF}";
            yield return $"{address}.";
            yield return string.Concat(address.ToString().Select(c => c == '.' ? '.' : (char)('０' + (c - '0'))));
        }
    }

    private static string Bracketed(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static string Mapped(string address) => IPAddress.Parse(address) is { AddressFamily: AddressFamily.InterNetwork } v4
        ? v4.MapToIPv6().ToString()
        : address;

    private ServiceProvider Build(string policy) => Attempting.Build(
        options =>
        {
            (options.AllowLoopback, options.AllowInsecureEndpoints) = (false, policy != "default");
            if (policy == "open")
            {
                options.AllowPorts(22, 80, 8443);
                options.AllowNetwork("10.20.0.0/16", 8443);
                options.AllowNat64("2001:db8:64::/96");
            }
        },
        services =>
        {
            services.AddSingleton<IHostResolver>(_network);
            services.AddSingleton<IAddressConnector>(_network);
        });

    private Task AttemptAsync(ServiceProvider services, string url) => AttemptAsync(services, url, through: url);

    /// <summary>Attempts as the sender does, and once more past the validation of the URL, at the connect alone.</summary>
    private async Task AttemptAsync(ServiceProvider services, string url, string? through)
    {
        _cases++;
        var attempt = (await services.SendAsync(url)).Attempt;
        Assert.NotEqual(AttemptOutcome.Succeeded, attempt.Outcome);
        Assert.NotEqual(AttemptOutcome.SenderError, attempt.Outcome);
        if (through is null || attempt.Outcome != AttemptOutcome.UrlForbidden || !Uri.TryCreate(through, UriKind.Absolute, out var target))
        {
            return;
        }

        _cases++;
        using var invoker = new HttpMessageInvoker(services.GetRequiredService<GuardedTransport>().Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, target);
        await Assert.ThrowsAnyAsync<Exception>(() => invoker.SendAsync(request, default));
    }

    private void AssertNoEscape(int atLeast, int? connects = null)
    {
        var escapes = _network.Connects.Where(connect => !Ordinary.Contains(connect.Address)).ToArray();
        output.WriteLine($"{_cases} cases, {_network.Connects.Count} connects, {escapes.Length} escapes");
        Assert.Empty(escapes);
        Assert.DoesNotContain(ProxyTrap.Requests, line => !line.Contains("control.example", StringComparison.Ordinal));
        Assert.True(_cases >= atLeast, $"{_cases} cases");
        Assert.Equal(connects ?? _network.Connects.Count, _network.Connects.Count);
    }

    private sealed class FailingConnector(SocketError how) : IAddressConnector
    {
        public ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken) =>
            throw new SocketException((int)how);
    }
}
