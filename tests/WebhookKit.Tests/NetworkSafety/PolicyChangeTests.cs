using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookKit.NetworkSafety;
using WebhookKit.Testing;

namespace WebhookKit.Tests.NetworkSafety;

/// <summary>What becomes of kept connections when the policy changes, over real sockets.</summary>
public sealed class PolicyChangeTests : IAsyncLifetime
{
    private static readonly NetworkPolicy Strict = new() { AllowInsecureEndpoints = true };
    private static readonly NetworkPolicy Development = Strict with { AllowLoopback = true };

    private readonly CountingConnector _connector = new();
    private readonly GuardedHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;
    private ScriptedReceiver _receiver = null!;

    public PolicyChangeTests()
    {
        _handler = new GuardedHttpHandler(Development, new GuardedHttpOptions { Connector = _connector });
        _invoker = new HttpMessageInvoker(_handler);
    }

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        _invoker.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task ChangePolicy_Stricter_UsesNoConnectionMadeBefore()
    {
        await SendAsync();
        await SendAsync();
        Assert.Equal(1, _connector.Count);

        _handler.ChangePolicy(Strict);
        var exception = await Assert.ThrowsAsync<HttpRequestException>(SendAsync);

        Assert.IsType<ForbiddenAddressException>(exception.InnerException);
        Assert.Equal((1, 2), (_connector.Count, _receiver.Requests.Count));
        Assert.Equal(Strict, _handler.Policy);
    }

    [Fact]
    public async Task ChangePolicy_ToWhatPermitsTheSame_KeepsTheConnections()
    {
        await SendAsync();

        _handler.ChangePolicy(new NetworkPolicy { AllowInsecureEndpoints = true, AllowLoopback = true });
        await SendAsync();

        Assert.Equal(1, _connector.Count);
    }

    [Fact]
    public async Task ChangePolicy_RequestInFlight_EndsUndisturbed()
    {
        var opened = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.When(opened.Task, ReceiverAnswer.Body("done"u8.ToArray())));
        using var request = Request();
        var sending = _invoker.SendAsync(request, default);
        await _receiver.WaitForRequestsAsync(1);

        _handler.ChangePolicy(Strict);
        opened.SetResult();

        using var response = await sending;
        Assert.Equal("done", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ChangePolicy_WhileManyAreSending_FailsNone()
    {
        using var done = new CancellationTokenSource();
        var changing = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                _handler.ChangePolicy(Development.AllowPorts(1 + (i % 1000)));
                await Task.Yield();
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await SendAsync();
            }
        })));
        await done.CancelAsync();
        await changing;

        Assert.Equal(200, _receiver.Requests.Count);
    }

    private HttpRequestMessage Request() => new(HttpMethod.Post, _receiver.Url) { Content = new ByteArrayContent("{}"u8.ToArray()) };

    private async Task SendAsync()
    {
        using var request = Request();
        using var response = await _invoker.SendAsync(request, default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class CountingConnector : IAddressConnector
    {
        private int _count;

        public int Count => _count;

        public async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
