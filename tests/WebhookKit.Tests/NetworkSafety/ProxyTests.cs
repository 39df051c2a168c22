using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

/// <summary>A proxy that the host has chosen, played by a real listener; names are resolved by a network of the test's own.</summary>
public sealed class ProxyTests : IDisposable
{
    private static readonly NetworkPolicy Insecure = new() { AllowInsecureEndpoints = true };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeNetwork _network = new();
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);

    public ProxyTests() => _proxy.Start();

    public void Dispose() => _proxy.Dispose();

    [Theory]
    [InlineData("8.8.8.8", "8.8.8.8:80")]
    [InlineData("2606:4700::1111", "[2606:4700::1111]:80")]
    public async Task Send_PublicName_AsksTheProxyForItsAddress(string address, string asked)
    {
        _network.Answer("example.com", address);
        var serving = ServeAsync("HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n");

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync("http://example.com/hooks"));

        var (connect, request) = await serving;
        Assert.Equal($"CONNECT {asked} HTTP/1.1\r\nHost: {asked}\r\n\r\n", connect);
        Assert.StartsWith("POST /hooks HTTP/1.1\r\nHost: example.com", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ProxyWithCredentials_SendsThem()
    {
        _network.Answer("example.com", "8.8.8.8");
        var serving = ServeAsync("HTTP/1.1 200 OK\r\n\r\n");

        await SendAsync("http://example.com/", userInfo: "me:p%40ss@");

        Assert.Contains(
            $"\r\nProxy-Authorization: Basic {Convert.ToBase64String("me:p@ss"u8)}\r\n", (await serving).Connect, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://internal.example/")]
    [InlineData("http://mixed.example/")]
    [InlineData("http://unknown.example/")]
    public async Task Send_ForbiddenTarget_DoesNotReachTheProxy(string url)
    {
        _network.Answer("internal.example", "10.0.0.1").Answer("mixed.example", "8.8.8.8", "10.0.0.1");

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(url));

        Assert.False(_proxy.Pending());
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")]
    [InlineData("HTTP/1.1 500 Oops\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nwords of its own")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("")]
    public async Task Send_ProxyFails_IsNotTheEndpointsFault(string answer)
    {
        _network.Answer("example.com", "8.8.8.8");
        var serving = ServeAsync(answer);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://example.com/", userInfo: "me:hidden@"));

        var failure = Assert.IsType<ProxyFailedException>(exception.InnerException);
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task Send_ProxyFloodsHeaders_GivesUp()
    {
        _network.Answer("example.com", "8.8.8.8");
        var serving = ServeAsync("HTTP/1.1 200 OK\r\n" + new string('a', 9000));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://example.com/"));

        Assert.IsType<ProxyFailedException>(exception.InnerException);
        await serving;
    }

    [Theory]
    [InlineData(403)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Send_ProxyCannotReachTheTarget_FailsAsTheTarget(int status)
    {
        _network.Answer("example.com", "8.8.8.8");
        var serving = ServeAsync($"HTTP/1.1 {status} No\r\n\r\n");

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://example.com/"));

        Assert.IsType<SocketException>(exception.InnerException);
        await serving;
    }

    [Fact]
    public async Task Send_ProxyNotThere_IsNotTheEndpointsFault()
    {
        _network.Answer("example.com", "8.8.8.8");

        // Bound and not listened on: refused, and nobody else can take it meanwhile.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => SendAsync("http://example.com/", new Uri($"http://{nobody.LocalEndPoint}")));

        Assert.IsType<ProxyFailedException>(exception.InnerException);
    }

    [Theory]
    [InlineData("https://proxy.example:3128")]
    [InlineData("socks5://proxy.example:1080")]
    [InlineData("http://proxy.example:3128/path")]
    [InlineData("http://proxy.example:0")]
    [InlineData("proxy.example")]
    public void Create_NotAProxy_Throws(string url)
    {
        var proxy = new Uri(url, UriKind.RelativeOrAbsolute);

        Assert.False(GuardedHttpOptions.IsProxy(proxy));
        Assert.Throws<ArgumentException>(() => new GuardedHttpHandler(Insecure, new GuardedHttpOptions { Proxy = proxy }));
    }

    private Uri ProxyUrl(string userInfo = "") => new($"http://{userInfo}{_proxy.LocalEndpoint}");

    private Task<HttpStatusCode> SendAsync(string url, string userInfo = "") => SendAsync(url, ProxyUrl(userInfo));

    private async Task<HttpStatusCode> SendAsync(string url, Uri proxy)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var invoker = new HttpMessageInvoker(new GuardedHttpHandler(
            Insecure, new GuardedHttpOptions { Resolver = _network, Proxy = proxy, ConnectTimeout = Patience }));
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        using var response = await invoker.SendAsync(request, deadline.Token);
        return response.StatusCode;
    }

    /// <summary>Takes one CONNECT and, where it succeeds, plays the target behind it too.</summary>
    private async Task<(string Connect, string Request)> ServeAsync(string answer)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var client = await _proxy.AcceptTcpClientAsync(deadline.Token);
        var stream = client.GetStream();
        var connect = await ReadHeadAsync(stream, deadline.Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), deadline.Token);
        if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !answer.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            return (connect, "");
        }

        var request = await ReadHeadAsync(stream, deadline.Token);
        await stream.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), deadline.Token);
        return (connect, request);
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.NotEqual(0, await stream.ReadAsync(buffer, cancellationToken));
            head.Append((char)buffer[0]);
        }

        return head.ToString();
    }
}
