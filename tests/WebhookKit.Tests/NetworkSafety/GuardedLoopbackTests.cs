using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

/// <summary>The guard with the system's resolver and real sockets.</summary>
public sealed class GuardedLoopbackTests : IDisposable
{
    private static readonly NetworkPolicy Development = new() { AllowLoopback = true, AllowInsecureEndpoints = true };

    // Where the name server does not answer, a name with a trailing dot takes the system's resolver half a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public GuardedLoopbackTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Send_LoopbackAllowed_ReachesARealListenerOnAnyPort(string host)
    {
        var received = ServeOneAsync();

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync($"http://{host}:{Port}/hooks", Development));
        Assert.StartsWith("POST /hooks HTTP/1.1", await received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1.")]
    [InlineData("0.0.0.0")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Send_LoopbackNotAllowed_NeverReachesTheListener(string host)
    {
        var policy = new NetworkPolicy { AllowInsecureEndpoints = true }.AllowPorts(Port);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync($"http://{host}:{Port}/", policy));

        // Some systems do not resolve the forms with a trailing dot at all.
        Assert.True(exception.InnerException is ForbiddenAddressException || (host.EndsWith('.') && exception.InnerException is SocketException));
        Assert.False(_listener.Pending());
    }

    [Fact]
    public async Task Send_ProxyInTheEnvironment_GoesToTheTargetItself()
    {
        // What the framework makes of the proxy variables, once per process.
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:9");
        try
        {
            var received = ServeOneAsync();

            Assert.Equal(HttpStatusCode.NoContent, await SendAsync($"http://127.0.0.1:{Port}/hooks", Development));
            Assert.StartsWith("POST /hooks HTTP/1.1", await received, StringComparison.Ordinal);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Fact]
    public async Task Send_WithinATrace_SendsNeitherTraceContextNorBaggage()
    {
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("tenant", "acme").Start();
        var received = ServeOneAsync();

        await SendAsync($"http://127.0.0.1:{Port}/hooks", Development);

        var request = await received;
        Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("acme", request, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> ServeOneAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var client = await _listener.AcceptTcpClientAsync(deadline.Token);
        var stream = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, deadline.Token);
            Assert.NotEqual(0, read);
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        await stream.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), deadline.Token);
        return request.ToString();
    }

    private static async Task<HttpStatusCode> SendAsync(string url, NetworkPolicy policy)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var invoker = new HttpMessageInvoker(new GuardedHttpHandler(policy, new GuardedHttpOptions { ConnectTimeout = Patience }));
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        using var response = await invoker.SendAsync(request, deadline.Token);
        return response.StatusCode;
    }
}
