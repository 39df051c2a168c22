using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>Requests that mean harm, against the real server. Memory is measured: nothing else runs beside.</summary>
[CollectionDefinition(nameof(HostileRequestTests), DisableParallelization = true)]
[Collection(nameof(HostileRequestTests))]
public sealed class HostileRequestTests
{
    private const string Head = "POST /webhooks/partner HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Fact]
    public async Task Receive_OneGigabyteClaimed_Answers413WithoutReadingOrRentingIt()
    {
        await using var host = await StartAsync();
        var before = GC.GetTotalAllocatedBytes();

        for (var i = 0; i < 100; i++)
        {
            Assert.StartsWith("HTTP/1.1 413", await ExchangeAsync(host, $"{Head}Content-Length: 1073741824\r\n\r\n{{"), StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task Receive_SlowBody_Answers408()
    {
        await using var host = await StartAsync(services => services.Configure<KestrelServerOptions>(
            kestrel => kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 10_000, gracePeriod: TimeSpan.FromSeconds(1.5))));

        var answer = await ExchangeAsync(host, $"{Head}Content-Length: 1000\r\n\r\n{{");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        host.Log.Single("BodyTooSlow");
    }

    [Theory]
    [InlineData("Content-Length: 2\r\n\r\n{}{}", "HTTP/1.1 401")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "HTTP/1.1 400")]
    [InlineData("Content-Length: -1\r\n\r\n{}", "HTTP/1.1 400")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{}", "HTTP/1.1 400")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", "HTTP/1.1 400")]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 415")]
    [InlineData("Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 401")]
    public async Task Receive_OddFraming_IsAnsweredAndNotHandled(string rest, string expected)
    {
        await using var host = await StartAsync();

        Assert.StartsWith(expected, await ExchangeAsync(host, Head + rest), StringComparison.Ordinal);
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task Receive_TenThousandHeaders_Answers431()
    {
        await using var host = await StartAsync();
        var headers = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: 1\r\n"));

        Assert.StartsWith("HTTP/1.1 431", await ExchangeAsync(host, $"{Head}{headers}Content-Length: 2\r\n\r\n{{}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public async Task Receive_DeepJson_Answers400(string level)
    {
        await using var host = await StartAsync();
        var deep = string.Concat(Enumerable.Repeat(level, 100_000));

        using var response = await host.SendAsync($$"""{"type":"order.paid","data":{{deep}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Malformed", host.Log.Single("Unreadable").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_HostileRequestsWithoutEnd_KeepsNoMemoryForThem()
    {
        await using var host = await StartAsync();
        var deep = $$"""{"type":"order.paid","data":{{string.Concat(Enumerable.Repeat("{\"a\":", 100_000))}}""";
        var headers = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: 1\r\n"));
        await HarmAsync(rounds: 20);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // Some 390 MB on the wire, and 300 GB claimed. Pools and connections that are about to end hold some of it for a while.
        await HarmAsync(rounds: 300);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 128 * 1024 * 1024);
        Assert.Empty(host.Store.Claims);

        async Task HarmAsync(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                await ExchangeAsync(host, $"{Head}Content-Length: 1073741824\r\n\r\n{{");
                await ExchangeAsync(host, $"{Head}{headers}Content-Length: 2\r\n\r\n{{}}");
                await ExchangeAsync(host, $"{Head}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{{}}");
                await ExchangeAsync(host, $"{Head}Content-Length: {1_000_000}\r\n\r\n{new string('x', 500_000)}", awaitsAnswer: false);
                using var signed = await host.SendAsync(deep);
                Assert.Equal(HttpStatusCode.BadRequest, signed.StatusCode);
            }
        }
    }

    private static Task<ReceiverHost> StartAsync(Action<IServiceCollection>? configure = null) => ReceiverHost.StartAsync(
        source => source.On(OrderPaid.EventType, (_, _) => Task.CompletedTask),
        setup => setup.ConfigureServices = configure ?? (_ => { }));

    /// <summary>Sends bytes as they are, and reads until the first answer is there or the server hangs up.</summary>
    private static async Task<string> ExchangeAsync(ReceiverHost host, string request, bool awaitsAnswer = true)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port);
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        }
        catch (SocketException)
        {
            // The server need not read it all before it answers.
        }

        if (!awaitsAnswer)
        {
            return "";
        }

        var answer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var read = 0;
        while (read < answer.Length && !Encoding.Latin1.GetString(answer, 0, read).Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var more = await socket.ReceiveAsync(answer.AsMemory(read), patience.Token);
            if (more == 0)
            {
                break;
            }

            read += more;
        }

        return Encoding.Latin1.GetString(answer, 0, read);
    }
}
