using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Sending;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Sender.Tests.Sending;

public sealed class AttemptSenderTests : IAsyncLifetime
{
    private static readonly WebhookSecret Secret = WebhookSecret.Generate();
    private readonly RecordingLogger _log = new();
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task SendAsync_Payload_ArrivesAsStoredAndVerifies()
    {
        var payload = Encoding.UTF8.GetPreamble().Concat("{\r\n\"text\":\"grüße\u2028\"}\0"u8.ToArray()).ToArray();
        var message = Message(payload);

        var result = await SendAsync(message);

        Assert.Equal((AttemptOutcome.Succeeded, 200, null), (result.Attempt.Outcome, result.Attempt.StatusCode, result.Attempt.Error));
        var request = Assert.Single(_receiver.Requests);
        Assert.Equal(("POST", "/hooks"), (request.Method, request.Path));
        Assert.Equal(payload, request.Body.ToArray());
        Assert.Equal(message.Id.ToString(), request.Headers["webhook-id"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Matches(@"^WebhookKit/\d+\.\d+\.\d+$", request.Headers["User-Agent"].ToString());
        Assert.DoesNotContain("traceparent", request.Headers.Keys);
        Assert.True(await VerifiesAsync(request, Secret));
    }

    [Fact]
    public async Task SendAsync_LaterAttempt_SignsItsOwnTimestamp()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var message = Message();
        await using var services = Build(timeProvider: clock);
        var sender = services.GetRequiredService<AttemptSender>();

        await sender.SendAsync(EndpointOf(services), message, default);
        clock.Advance(TimeSpan.FromHours(3));
        await sender.SendAsync(EndpointOf(services), message, default);

        var times = _receiver.Requests.Select(request => long.Parse(request.Headers["webhook-timestamp"].ToString())).ToArray();
        Assert.Equal(3 * 3600, times[1] - times[0]);
        Assert.Single(_receiver.Requests.Select(request => request.Headers["webhook-id"].ToString()).Distinct());
        using var verifier = new StandardWebhooksVerifier([Secret], TimeSpan.FromMinutes(5), clock);
        Assert.Equal(VerificationStatus.Verified, (await verifier.VerifyAsync(_receiver.Requests[1].ToWebhookRequest())).Status);
        Assert.Equal(
            VerificationStatus.TimestampOutsideTolerance, (await verifier.VerifyAsync(_receiver.Requests[0].ToWebhookRequest())).Status);
    }

    [Fact]
    public async Task SendAsync_TwoSecrets_VerifiesWithEither()
    {
        var old = WebhookSecret.Generate();
        await using var services = Build(declare: endpoint => endpoint.Secrets.Add(old.Reveal()));

        await services.GetRequiredService<AttemptSender>().SendAsync(EndpointOf(services), Message(), default);

        Assert.True(await VerifiesAsync(_receiver.Requests[0], Secret));
        Assert.True(await VerifiesAsync(_receiver.Requests[0], old));
        Assert.False(await VerifiesAsync(_receiver.Requests[0], WebhookSecret.Generate()));
    }

    [Theory]
    [InlineData(204, AttemptOutcome.Succeeded)]
    [InlineData(400, AttemptOutcome.Refused)]
    [InlineData(410, AttemptOutcome.Gone)]
    [InlineData(500, AttemptOutcome.ReceiverError)]
    public async Task SendAsync_Status_BecomesTheOutcome(int status, AttemptOutcome outcome)
    {
        _receiver.Answer(ReceiverAnswer.Status(status));

        var result = await SendAsync();

        Assert.Equal((outcome, status), (result.Attempt.Outcome, result.Attempt.StatusCode));
        Assert.Null(result.RetryAfter);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("999999999999", 86_400)]
    [InlineData("soon", null)]
    public async Task SendAsync_RetryAfter_IsReadWhenThrottled(string header, int? seconds)
    {
        _receiver.Answer(ReceiverAnswer.Status(429, ("Retry-After", header)));

        var result = await SendAsync();

        Assert.Equal(AttemptOutcome.Throttled, result.Attempt.Outcome);
        Assert.Equal(seconds, (int?)result.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task SendAsync_Redirect_IsAFailureAndNotFollowed()
    {
        await using var elsewhere = await ScriptedReceiver.StartAsync();
        _receiver.Answer(ReceiverAnswer.Redirect(elsewhere.Url.ToString()));

        var result = await SendAsync();

        Assert.Equal((AttemptOutcome.Redirected, 307), (result.Attempt.Outcome, result.Attempt.StatusCode));
        Assert.Empty(elsewhere.Requests);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task SendAsync_LargeResponse_KeepsTheFirstPart()
    {
        var body = RandomNumberGenerator.GetBytes(100_000);
        _receiver.Answer(ReceiverAnswer.Body(body, 500));

        var result = await SendAsync();

        Assert.Equal(body[..8192], result.Attempt.Response.ToArray());
    }

    [Fact]
    public async Task SendAsync_EndlessBody_IsCutOffAndJudgedByItsStatus()
    {
        _receiver.Answer(ReceiverAnswer.EndlessBody());

        var result = await SendAsync();

        Assert.Equal((AttemptOutcome.Succeeded, 8192), (result.Attempt.Outcome, result.Attempt.Response.Length));
    }

    [Fact]
    public async Task SendAsync_SlowHeaders_EndsWithTheDeadline()
    {
        _receiver.Answer(ReceiverAnswer.Hang());

        var result = await SendAsync(configure: options => options.AttemptTimeout = TimeSpan.FromMilliseconds(300));

        Assert.Equal((AttemptOutcome.DeadlineExceeded, null), (result.Attempt.Outcome, result.Attempt.StatusCode));
        Assert.InRange(result.Attempt.Duration, TimeSpan.FromMilliseconds(290), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task SendAsync_DrippingBody_EndsWithTheSameDeadline()
    {
        _receiver.Answer(ReceiverAnswer.DrippingBody(TimeSpan.FromMilliseconds(20)));

        var result = await SendAsync(configure: options => options.AttemptTimeout = TimeSpan.FromSeconds(6));

        Assert.Equal((AttemptOutcome.DeadlineExceeded, 200), (result.Attempt.Outcome, result.Attempt.StatusCode));
    }

    [Fact]
    public async Task SendAsync_Reset_IsABrokenConnection()
    {
        _receiver.Answer(ReceiverAnswer.Reset());

        Assert.Equal(AttemptOutcome.ConnectionBroken, (await SendAsync()).Attempt.Outcome);
    }

    [Fact]
    public async Task SendAsync_NotHttp_IsAnInvalidResponse()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH\r\n"u8.ToArray());
            await client.GetStream().ReadAtLeastAsync(new byte[65_536], 65_536, throwOnEndOfStream: false);
        });

        var result = await SendAsync(url: $"http://{listener.LocalEndpoint}/");

        Assert.Equal(AttemptOutcome.ResponseInvalid, result.Attempt.Outcome);
        await serving.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task SendAsync_NobodyListens_IsAFailedConnect()
    {
        using var nobody = Attempting.ReservePort();

        Assert.Equal(AttemptOutcome.ConnectFailed, (await SendAsync(url: $"http://{nobody.LocalEndPoint}/")).Attempt.Outcome);
    }

    [Fact]
    public async Task SendAsync_TlsToAPlainPort_IsATlsFailure()
    {
        var result = await SendAsync(url: _receiver.Url.ToString().Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal(AttemptOutcome.TlsFailed, result.Attempt.Outcome);
    }

    [Fact]
    public async Task SendAsync_UrlOfAnotherPolicy_IsForbiddenWithoutARequest()
    {
        await using var services = Build();
        var endpoint = EndpointOf(services) with { Url = "http://10.0.0.1/" };

        var result = await services.GetRequiredService<AttemptSender>().SendAsync(endpoint, Message(), default);

        Assert.Equal(AttemptOutcome.UrlForbidden, result.Attempt.Outcome);
    }

    [Fact]
    public async Task SendAsync_EndpointWithoutSecret_IsNotSent()
    {
        await using var services = Build();
        var endpoint = EndpointOf(services) with { Id = new IdGenerator(TimeProvider.System).NewEndpointId() };

        var result = await services.GetRequiredService<AttemptSender>().SendAsync(endpoint, Message(), default);

        Assert.Equal(AttemptOutcome.SigningFailed, result.Attempt.Outcome);
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task SendAsync_HandlersOfTheHost_RunInTheOrderAdded()
    {
        await using var services = Build(
            build: sender => sender.AddHttpHandler<AddsOne>().AddHttpHandler<AddsTwo>());

        await services.GetRequiredService<AttemptSender>().SendAsync(EndpointOf(services), Message(), default);

        Assert.Equal("one two", _receiver.Requests[0].Headers["X-Order"]);
    }

    [Fact]
    public async Task SendAsync_HandlerOfTheHostThrows_IsTheSendersFaultAndLogged()
    {
        await using var services = Build(build: sender => sender.AddHttpHandler<Throws>());

        var result = await services.GetRequiredService<AttemptSender>().SendAsync(EndpointOf(services), Message(), default);

        Assert.Equal(AttemptOutcome.SenderError, result.Attempt.Outcome);
        Assert.Equal(1, _log.Count("AttemptFaulted"));
    }

    [Fact]
    public async Task SendAsync_SenderStops_IsNotTheEndpointsFault()
    {
        _receiver.Answer(ReceiverAnswer.Hang());
        using var stopping = new CancellationTokenSource();
        await using var services = Build();

        var sending = services.GetRequiredService<AttemptSender>().SendAsync(EndpointOf(services), Message(), stopping.Token);
        await _receiver.WaitForRequestsAsync(1);
        await stopping.CancelAsync();

        Assert.Equal(AttemptOutcome.SenderError, (await sending).Attempt.Outcome);
        Assert.Equal(0, _log.Count("AttemptFaulted"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAsync_TraceOfThePublisher_IsSentOnlyWhenSwitchedOn(bool isSent)
    {
        const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var current = new Activity("dispatch").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("tenant", "acme").Start();

        await SendAsync(Message() with { TraceParent = TraceParent }, configure: options => options.SendTraceContext = isSent);

        var headers = Assert.Single(_receiver.Requests).Headers;
        Assert.Equal(isSent ? TraceParent : "", headers.GetValueOrDefault("traceparent").ToString());
        Assert.DoesNotContain(headers, header => header.Value.ToString().Contains("acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SendAsync_PolicyOfTheOptionsChanges_UsesNoConnectionMadeBefore()
    {
        var change = new ChangingOptions();
        await using var services = Build(sender => change.Attach(sender));
        var sender = services.GetRequiredService<AttemptSender>();
        var literal = EndpointOf(services);
        var named = literal with { Url = literal.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) };
        Assert.Equal(AttemptOutcome.Succeeded, (await sender.SendAsync(literal, Message(), default)).Attempt.Outcome);

        change.Apply(options => options.AllowLoopback = false);
        var refused = await sender.SendAsync(literal, Message(), default);
        change.Apply(options => options.AllowLoopback = true);
        var back = await sender.SendAsync(named, Message(), default);

        Assert.Equal(AttemptOutcome.UrlForbidden, refused.Attempt.Outcome);
        Assert.Equal(AttemptOutcome.Succeeded, back.Attempt.Outcome);
        Assert.Equal(2, _receiver.Requests.Count);
        Assert.Equal(2, _log.Count("NetworkPolicyChanged"));
    }

    private static WebhookMessage Message(byte[]? payload = null) => new()
    {
        Id = new IdGenerator(TimeProvider.System).NewMessageId(),
        EventType = "order.paid",
        Payload = payload ?? "{}"u8.ToArray(),
        OccurredAt = DateTimeOffset.UnixEpoch,
    };

    private static WebhookEndpoint EndpointOf(IServiceProvider services) => services.GetRequiredService<DeclaredEndpoints>().All.Single();

    private static async Task<bool> VerifiesAsync(ReceivedRequest request, WebhookSecret secret)
    {
        using var verifier = new StandardWebhooksVerifier([secret], TimeSpan.FromMinutes(5), TimeProvider.System);
        return (await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified;
    }

    private async Task<AttemptResult> SendAsync(
        WebhookMessage? message = null, string? url = null, Action<SenderOptions>? configure = null)
    {
        await using var services = Build(sender => sender.Configure(configure ?? (_ => { })), url: url);
        return await services.GetRequiredService<AttemptSender>().SendAsync(EndpointOf(services), message ?? Message(), default);
    }

    private ServiceProvider Build(
        Action<SenderBuilder>? build = null,
        string? url = null,
        Action<EndpointDeclaration>? declare = null,
        TimeProvider? timeProvider = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton(timeProvider ?? TimeProvider.System);
        services.AddWebhooks().AddSender(sender =>
        {
            sender.Configure(options =>
            {
                (options.AllowInsecureEndpoints, options.AllowLoopback) = (true, true);
                (options.AttemptTimeout, options.ConnectTimeout) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
            });
            sender.AddEndpoint("test", url ?? _receiver.Url.ToString(), endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Secrets.Add(Secret.Reveal());
                declare?.Invoke(endpoint);
            });
            build?.Invoke(sender);
        });
        return services.BuildServiceProvider();
    }

    private sealed class AddsOne : AddsHeader;

    private sealed class AddsTwo : AddsHeader;

    private abstract class AddsHeader : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var before = request.Headers.TryGetValues("X-Order", out var values) ? values.Single() + " " : "";
            request.Headers.Remove("X-Order");
            request.Headers.Add("X-Order", before + (this is AddsOne ? "one" : "two"));
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Throws : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("a bug of the host");
    }
}
