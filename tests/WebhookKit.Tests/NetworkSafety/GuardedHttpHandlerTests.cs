using System.Net;
using System.Net.Sockets;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

public sealed class GuardedHttpHandlerTests
{
    private static readonly NetworkPolicy Insecure = new() { AllowInsecureEndpoints = true };
    private readonly FakeNetwork _network = new();

    [Fact]
    public async Task Send_PublicAnswer_ConnectsToIt()
    {
        _network.Answer("example.com", "203.0.114.7");

        Assert.Equal(HttpStatusCode.OK, await SendAsync("http://example.com/", Insecure));

        Assert.Equal([IPEndPoint.Parse("203.0.114.7:80")], _network.Attempted);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1%1")]
    [InlineData("8.8.8.8 127.0.0.1")]
    [InlineData("127.0.0.1 8.8.8.8")]
    [InlineData("8.8.8.8 1.1.1.1 2606:4700::1111 ::ffff:192.168.0.1")]
    public async Task Send_AnyForbiddenAnswer_ConnectsToNone(string answers)
    {
        _network.Answer("rebind.example", answers.Split(' '));

        await AssertForbiddenAsync("http://rebind.example/", Insecure);

        Assert.Empty(_network.Attempted);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[2606:4700::1111%251]/")]
    public async Task Send_ForbiddenLiteral_NeitherResolvesNorConnects(string url)
    {
        await AssertForbiddenAsync(url, Insecure);

        Assert.Empty(_network.Asked);
        Assert.Empty(_network.Attempted);
    }

    [Fact]
    public async Task Send_PublicLiterals_ConnectWithoutResolving()
    {
        await SendAsync("http://8.8.8.8/", Insecure);
        await SendAsync("http://[2606:4700::1111]/", Insecure);
        await SendAsync("http://[::ffff:8.8.4.4]/", Insecure);

        Assert.Empty(_network.Asked);
        Assert.Equal(
            [IPEndPoint.Parse("8.8.8.8:80"), IPEndPoint.Parse("[2606:4700::1111]:80"), IPEndPoint.Parse("8.8.4.4:80")],
            _network.Attempted);
    }

    [Fact]
    public async Task Send_NameThatTurnsToLoopback_IsRefusedOnTheNextConnection()
    {
        _network.Answer("rebind.example", "8.8.8.8").Answer("rebind.example", "127.0.0.1");
        using var invoker = Invoker(Insecure);

        await SendAsync(invoker, "http://rebind.example/");
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(invoker, "http://rebind.example/"));

        Assert.IsType<ForbiddenAddressException>(exception.InnerException);
        Assert.Equal([IPEndPoint.Parse("8.8.8.8:80")], _network.Attempted);
    }

    [Fact]
    public async Task Send_NameServerFails_FailsWithoutConnecting()
    {
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://unknown.example/", Insecure));

        Assert.IsType<SocketException>(exception.InnerException);
        Assert.Empty(_network.Attempted);
    }

    [Fact]
    public async Task Send_NoAnswer_FailsAsAnUnknownName()
    {
        _network.Answer("empty.example");

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://empty.example/", Insecure));

        Assert.Equal(HttpRequestError.NameResolutionError, exception.HttpRequestError);
        Assert.Empty(_network.Attempted);
    }

    [Fact]
    public async Task Send_FirstAddressUnreachable_TriesTheNext()
    {
        _network.Answer("example.com", "2606:4700::1111", "8.8.8.8");
        _network.Unreachable.Add("2606:4700::1111");

        Assert.Equal(HttpStatusCode.OK, await SendAsync("http://example.com/", Insecure));
        Assert.Equal(2, _network.Attempted.Count);
    }

    [Fact]
    public async Task Send_FirstAddressSilent_LeavesTimeForTheNext()
    {
        _network.Answer("example.com", "2606:4700::1111", "8.8.8.8");
        _network.Silent.Add("2606:4700::1111");
        _network.ConnectTimeout = TimeSpan.FromSeconds(1);

        Assert.Equal(HttpStatusCode.OK, await SendAsync("http://example.com/", Insecure));
        Assert.Equal(2, _network.Attempted.Count);
    }

    [Fact]
    public async Task Send_OnlyAddressSilent_EndsAtTheConnectTimeout()
    {
        _network.Answer("example.com", "8.8.8.8");
        _network.Silent.Add("8.8.8.8");
        _network.ConnectTimeout = TimeSpan.FromMilliseconds(50);

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync("http://example.com/", Insecure));

        Assert.IsType<TimeoutException>(exception.InnerException);
    }

    [Fact]
    public async Task Send_EveryAddressUnreachable_FailsWithTheSocketError()
    {
        _network.Answer("example.com", "1.1.1.1", "8.8.8.8");
        _network.Unreachable.UnionWith(["1.1.1.1", "8.8.8.8"]);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://example.com/", Insecure));

        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("https://example.com:8443/")]
    public async Task Send_PortNotAllowed_ConnectsNowhere(string url)
    {
        _network.Answer("example.com", "8.8.8.8");

        await AssertForbiddenAsync(url, NetworkPolicy.Default);

        Assert.Empty(_network.Attempted);
    }

    [Fact]
    public async Task Send_LoopbackAllowed_OpensNoPrivateRange()
    {
        var policy = new NetworkPolicy { AllowLoopback = true, AllowInsecureEndpoints = true };
        _network.Answer("private.example", "192.168.1.1").Answer("mixed.example", "127.0.0.1", "10.0.0.1");

        await AssertForbiddenAsync("http://private.example/", policy);
        await AssertForbiddenAsync("http://mixed.example/", policy);
        await AssertForbiddenAsync("http://0.0.0.0/", policy);
        await AssertForbiddenAsync("http://169.254.169.254/", policy);

        Assert.Empty(_network.Attempted);
    }

    [Theory]
    [InlineData("10.0.0.1", AddressClass.Private)]
    [InlineData("169.254.169.254", AddressClass.CloudPlatform)]
    public async Task Send_Forbidden_TellsTheLogAndNotTheTenant(string address, AddressClass addressClass)
    {
        _network.Answer("rebind.example", address);

        var exception = await AssertForbiddenAsync("http://rebind.example/", Insecure);

        Assert.Equal("rebind.example", exception.Host);
        Assert.Equal(addressClass, exception.AddressClass);
        Assert.Equal("The endpoint could not be reached: its address is not allowed.", exception.Message);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Send_Redirect_IsReturnedAndNotFollowed(int status)
    {
        _network.Answer("example.com", "8.8.8.8").Answer("elsewhere.example", "1.1.1.1");
        _network.Response =
            $"HTTP/1.1 {status} Moved\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

        Assert.Equal(status, (int)await SendAsync("http://example.com/", Insecure));
        Assert.Equal(["example.com"], _network.Asked);
    }

    [Fact]
    public async Task Send_HeadersOverTheLimit_Fails()
    {
        _network.Answer("example.com", "8.8.8.8");
        _network.Response = $"HTTP/1.1 200 OK\r\nX-Big: {new string('a', 33 * 1024)}\r\nContent-Length: 0\r\n\r\n";

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("http://example.com/", Insecure));

        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, exception.HttpRequestError);
    }

    [Fact]
    public async Task Send_OnlyAddressSilent_SaysThatItWasTheConnect()
    {
        _network.Answer("example.com", "8.8.8.8");
        _network.Silent.Add("8.8.8.8");
        _network.ConnectTimeout = TimeSpan.FromMilliseconds(50);

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync("http://example.com/", Insecure));

        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(exception.InnerException?.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Send_NameServerSilent_SaysThatItWasTheName()
    {
        _network.Answer("silent.example", "8.8.8.8");
        _network.SilentNames.Add("silent.example");
        _network.ConnectTimeout = TimeSpan.FromMilliseconds(50);

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync("http://silent.example/", Insecure));

        Assert.Equal(SocketError.TryAgain, Assert.IsType<SocketException>(exception.InnerException?.InnerException).SocketErrorCode);
        Assert.Empty(_network.Attempted);
    }

    [Theory]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionExact)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionOrHigher)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrHigher)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher)]
    public async Task Send_VersionThatMayBeHttp3_GoesThroughTheGuardAllTheSame(string version, HttpVersionPolicy versionPolicy)
    {
        _network.Answer("example.com", "8.8.8.8").Answer("internal.example", "10.0.0.1");
        using var invoker = Invoker(Insecure);
        HttpRequestMessage Request(string url) => new(HttpMethod.Post, url) { Version = Version.Parse(version), VersionPolicy = versionPolicy };

        using var allowed = Request("http://example.com/");
        using var response = await invoker.SendAsync(allowed, default);
        using var forbidden = Request("http://internal.example/");
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(forbidden, default));

        Assert.IsType<ForbiddenAddressException>(exception.InnerException);
        Assert.Equal([IPEndPoint.Parse("8.8.8.8:80")], _network.Attempted);
    }

    [Fact]
    public void Create_Settings_AreTheHardenedOnes()
    {
        using var guarded = new GuardedHttpHandler(NetworkPolicy.Default);
        using var handler = guarded.CreateInnerHandler();

        Assert.False(handler.UseProxy);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Null(handler.ActivityHeadersPropagator);
        Assert.Equal(TimeSpan.FromSeconds(5), handler.ConnectTimeout);
        Assert.Equal(TimeSpan.FromMinutes(2), handler.PooledConnectionLifetime);
        Assert.Equal(32, handler.MaxResponseHeadersLength);
        Assert.True(handler.EnableMultipleHttp2Connections);
        Assert.Null(handler.SslOptions.RemoteCertificateValidationCallback);
    }

    private HttpMessageInvoker Invoker(NetworkPolicy policy) => new(new GuardedHttpHandler(policy, _network.Options));

    private async Task<HttpStatusCode> SendAsync(string url, NetworkPolicy policy)
    {
        using var invoker = Invoker(policy);
        return await SendAsync(invoker, url);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpMessageInvoker invoker, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }

    private async Task<ForbiddenAddressException> AssertForbiddenAsync(string url, NetworkPolicy policy)
    {
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(url, policy));
        return Assert.IsType<ForbiddenAddressException>(exception.InnerException);
    }
}
