using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Retry;
using WebhookKit.Sending;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.Sending.Attempting;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>From what a receiver answers to what becomes of the delivery and the endpoint, over real sockets.</summary>
public sealed class StatusAndRetryAfterTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IdGenerator Ids = new(TimeProvider.System);
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task SendAsync_EveryStatus_HasTheOutcomeOfItsClass()
    {
        var statuses = Enumerable.Range(200, 400).Where(status => status % 10 < 6).Append(600).Append(799).Append(999).ToArray();
        foreach (var status in statuses)
        {
            _receiver.Answer(ReceiverAnswer.Status(status, ("Location", "http://127.0.0.1:1/"), ("Retry-After", "7")));

            // Each over a connection of its own: a server may close one behind an answer without a body.
            var result = await SendAsync(_receiver.Url.ToString());

            Assert.True((status, Expected(status)) == (result.Attempt.StatusCode, result.Attempt.Outcome), $"{status}: {result}");
            Assert.Equal(result.Attempt.Outcome == AttemptOutcome.Throttled ? 7 : null, (int?)result.RetryAfter?.TotalSeconds);
        }

        Assert.Equal(statuses.Length, _receiver.Requests.Count);
    }

    [Fact]
    public async Task SendAsync_SwitchingProtocols_IsNoSuccess()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");

        var attempt = (await SendAsync(receiver.Url)).Attempt;

        Assert.Equal((AttemptOutcome.ReceiverError, 101), (attempt.Outcome, attempt.StatusCode));
    }

    /// <summary>A header and the seconds it asks for; null where it is no wish at all.</summary>
    public static TheoryData<string, int?> Wishes => new()
    {
        { "0", 0 },
        { "1", 1 },
        { "120", 120 },
        { "86400", 86_400 },
        { "86401", 86_400 },
        { "31536000", 86_400 },
        { "99999999999999999999999999", 86_400 },
        { Now.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture), 90 },
        { Now.AddSeconds(90).ToString("dddd, dd-MMM-yy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture), 90 },
        { "Fri May  1 12:01:30 2026", 90 },
        { Now.AddYears(40).ToString("R", CultureInfo.InvariantCulture), 86_400 },
        { Now.AddYears(-1).ToString("R", CultureInfo.InvariantCulture), 0 },
        { "Fri, 31 Dec 9999 23:59:59 GMT", 86_400 },
        { "-1", null },
        { "1.5", null },
        { "soon", null },
        { "120, 240", null },
        { "PT5M", null },
        { "2026-05-01T12:01:30Z", null },
        { "Fri, 31 Feb 2026 12:00:00 GMT", null },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public async Task RetryAfter_OfAThrottledAnswer_IsNeverUndercutAndNeverAboveTheCap(string header, int? seconds)
    {
        await using var services = Build(register: services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now)));
        foreach (var status in new[] { 429, 502, 503, 504 })
        {
            _receiver.Answer(ReceiverAnswer.Status(status, ("Retry-After", header)));

            var result = await services.SendAsync(_receiver.Url.ToString());

            Assert.Equal((AttemptOutcome.Throttled, seconds), (result.Attempt.Outcome, (int?)result.RetryAfter?.TotalSeconds));
            foreach (var random in new[] { 0, 0.25, 0.5, 0.999 })
            {
                // The jitter may bring the schedule's 5 seconds down to 4, and takes nothing off the wish.
                var verdict = Decide(result, random);
                var least = Math.Max(seconds ?? 0, 4);
                Assert.InRange(verdict.Completion.NextAttemptIn.TotalSeconds, least, Math.Max(least, 6));
                Assert.Equal(seconds ?? 5, verdict.Health!.SlowDownFor!.Value.TotalSeconds);
            }
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(307)]
    public async Task RetryAfter_OfAnotherAnswer_IsNotHeeded(int status)
    {
        _receiver.Answer(ReceiverAnswer.Status(status, ("Retry-After", "86400")));

        var result = await SendAsync(_receiver.Url.ToString());

        Assert.Null(result.RetryAfter);
        Assert.Null(Decide(result, 0.5).Health!.SlowDownFor);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task SendAsync_Redirect_IsNotFollowedAndSaysWhatCuresIt(int status)
    {
        await using var elsewhere = await ScriptedReceiver.StartAsync();
        _receiver.Answer(ReceiverAnswer.Redirect(elsewhere.Url.ToString(), status), ReceiverAnswer.Redirect("/elsewhere", status));
        await using var services = Build();

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var attempt = (await services.SendAsync(_receiver.Url.ToString())).Attempt;
            Assert.Equal((AttemptOutcome.Redirected, status), (attempt.Outcome, attempt.StatusCode));
            Assert.Contains("change its URL", attempt.Error, StringComparison.Ordinal);
        }

        Assert.Empty(elsewhere.Requests);
        Assert.All(_receiver.Requests, request => Assert.Equal("/hooks", request.Path));
        Assert.Equal(2, _receiver.Requests.Count);
    }

    private static AttemptOutcome Expected(int status) => status switch
    {
        < 300 => AttemptOutcome.Succeeded,
        < 400 => AttemptOutcome.Redirected,
        410 => AttemptOutcome.Gone,
        429 or 502 or 503 or 504 => AttemptOutcome.Throttled,
        < 500 => AttemptOutcome.Refused,
        _ => AttemptOutcome.ReceiverError,
    };

    private static AttemptVerdict Decide(AttemptResult result, double random)
    {
        var delivery = new LeasedDelivery(
            Ids.NewDeliveryId(), Ids.NewMessageId(), Ids.NewEndpointId(), Ids.NewLeaseId(), Attempts: 0, Leases: 1);
        return OutcomeRules.Decide(delivery, result, RetrySchedule.Default, random, skipsFailingHead: false);
    }
}
