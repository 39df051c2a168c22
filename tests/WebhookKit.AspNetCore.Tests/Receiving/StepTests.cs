using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Idempotency;
using WebhookKit.Testing;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>Each step with the answer it gives, its log event, and that nothing after it happened.</summary>
public sealed class StepTests
{
    public static TheoryData<Tampering> Tamperings => [.. Enum.GetValues<Tampering>().Where(tampering => tampering != Tampering.None)];

    [Fact]
    public async Task Receive_WellSigned_RunsTheHandlerAndAnswers200()
    {
        ReceivedWebhook<OrderPaid>? handled = null;
        await using var host = await ReceiverHost.StartAsync(source => source.On<OrderPaid>(
            OrderPaid.EventType, (webhook, _) => Task.FromResult(handled = webhook)));

        using var response = await host.SendAsync(OrderPaid.Payload, new SignedRequestOptions { Id = "msg_1" });

        await AssertAnswer(HttpStatusCode.OK, response);
        Assert.NotNull(handled);
        Assert.Equal(new OrderPaid("o1", 12.5m), handled.Data);
        Assert.Equal(("partner", "msg_1", "order.paid"), (handled.Source, handled.Id, handled.EventType));
        Assert.Equal(host.Clock.GetUtcNow(), handled.Timestamp);
        Assert.Null(handled.TenantId);
        Assert.Equal(new WebhookClaim("partner", null, "msg_1", TimeSpan.FromDays(7)), Assert.Single(host.Store.Claims.Values));
    }

    [Theory]
    [InlineData("/webhooks/nobody", "nobody")]
    [InlineData("/webhooks/no%0Abody", "(not a source name)")]
    public async Task Receive_UnknownSource_Answers404(string url, string logged)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(OrderPaid.Payload, url: url);

        await AssertAnswer(HttpStatusCode.NotFound, response);
        Assert.Contains($"'{logged}'", host.Log.Single("UnknownSource").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Receive_OtherMethod_Answers405WithAllow(string method)
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/webhooks/partner");

        using var response = await host.Client.SendAsync(request);

        await AssertAnswer(HttpStatusCode.MethodNotAllowed, response);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        host.Log.Single("MethodNotAllowed");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("Application/JSON", HttpStatusCode.OK)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json-patch+json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task Receive_ContentType_IsTheProvidersOr415(string contentType, HttpStatusCode expected)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(OrderPaid.Payload, new SignedRequestOptions { ContentType = contentType });

        await AssertAnswer(expected, response);
    }

    [Fact]
    public async Task Receive_NoContentType_Answers415()
    {
        await using var host = await StartAsync();
        using var request = await host.Requests.CreateAsync("/webhooks/partner", OrderPaid.Payload);
        request.Content!.Headers.ContentType = null;

        using var response = await host.Client.SendAsync(request);

        await AssertAnswer(HttpStatusCode.UnsupportedMediaType, response);
        host.Log.Single("UnsupportedContentType");
    }

    [Theory]
    [InlineData(0, false, HttpStatusCode.OK)]
    [InlineData(0, true, HttpStatusCode.OK)]
    [InlineData(1, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Receive_BodyAroundTheLimit_IsCountedExactly(int beyond, bool chunked, HttpStatusCode expected)
    {
        const int limit = 200_000;
        await using var host = await StartAsync(source => source.MaxBodyBytes = limit);
        var payload = """{"type":"order.paid","data":{"id":"","total":1}}""";
        payload = payload.Replace("\"\"", $"\"{new string('x', limit + beyond - payload.Length)}\"", StringComparison.Ordinal);
        using var request = await host.Requests.CreateAsync("/webhooks/partner", payload);
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await host.Client.SendAsync(request);

        await AssertAnswer(expected, response);
        Assert.Equal(beyond == 0 ? 1 : 0, host.Store.Claims.Count);
    }

    [Fact]
    public async Task Receive_EndlessChunkedBody_IsCutOff()
    {
        await using var host = await StartAsync(source => source.MaxBodyBytes = 1000);
        using var endless = new EndlessContent();

        // The server answers and closes; the client sees the answer, or that it cannot go on sending.
        try
        {
            using var response = await host.Client.PostAsync("/webhooks/partner", endless);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException)
        {
        }

        await Poll.UntilAsync(() => host.Log.Own.Any(entry => entry.EventName == "BodyTooLarge"));
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Receive_Tampered_Answers401(Tampering tampering)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(OrderPaid.Payload, new SignedRequestOptions { Tampering = tampering });

        await AssertAnswer(HttpStatusCode.Unauthorized, response);
        Assert.Equal(LogLevel.Warning, host.Log.Single("NotVerified").Level);
        Assert.Empty(host.Store.Claims);
    }

    [Theory]
    [InlineData(-300, HttpStatusCode.OK)]
    [InlineData(-301, HttpStatusCode.Unauthorized)]
    [InlineData(300, HttpStatusCode.OK)]
    [InlineData(301, HttpStatusCode.Unauthorized)]
    public async Task Receive_Timestamp_MustBeWithinTheProvidersTolerance(int seconds, HttpStatusCode expected)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(
            OrderPaid.Payload, new SignedRequestOptions { Timestamp = host.Clock.GetUtcNow().AddSeconds(seconds) });

        await AssertAnswer(expected, response);
    }

    [Fact]
    public async Task Receive_ToleranceOfTheSource_ReplacesTheProviders()
    {
        await using var host = await StartAsync(source => source.Tolerance = TimeSpan.FromMinutes(1));

        using var response = await host.SendAsync(
            OrderPaid.Payload, new SignedRequestOptions { Timestamp = host.Clock.GetUtcNow().AddSeconds(-61) });

        await AssertAnswer(HttpStatusCode.Unauthorized, response);
        Assert.Contains("TimestampOutsideTolerance", host.Log.Single("NotVerified").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Malformed")]
    [InlineData("not json", "Malformed")]
    [InlineData("""{"type":"order.paid"}}""", "Malformed")]
    [InlineData("""{"type":"order.paid","data":""", "Malformed")]
    [InlineData("[]", "Missing")]
    [InlineData("{}", "Missing")]
    [InlineData("""{"data":{"type":"order.paid"}}""", "Missing")]
    [InlineData("""{"type":"order.paid","type":"order.paid"}""", "Duplicate")]
    [InlineData("""{"type":"order.paid","data":1,"\u0074ype":"other"}""", "Duplicate")]
    [InlineData("""{"type":1}""", "NoEventTypeName")]
    [InlineData("""{"type":null}""", "NoEventTypeName")]
    [InlineData("""{"type":""}""", "NoEventTypeName")]
    [InlineData("""{"type":"\ud800"}""", "NoEventTypeName")]
    [InlineData("""{"type":"order\npaid"}""", "NoEventTypeName")]
    public async Task Receive_VerifiedWithoutEventType_Answers400(string payload, string reason)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(payload);

        await AssertAnswer(HttpStatusCode.BadRequest, response);
        Assert.Contains(reason, host.Log.Single("Unreadable").Text, StringComparison.Ordinal);
        Assert.Empty(host.Store.Claims);
    }

    [Fact]
    public async Task Receive_EventTypeWithoutHandler_IsAcknowledgedAndNotClaimed()
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync("""{"type":"order.refunded","data":{}}""");

        await AssertAnswer(HttpStatusCode.OK, response);
        Assert.Contains("order.refunded", host.Log.Single("Unwanted").Text, StringComparison.Ordinal);
        Assert.Empty(host.Store.Claims);
    }

    [Theory]
    [InlineData(HandlingResult.Duplicate, HttpStatusCode.OK, null)]
    [InlineData(HandlingResult.Busy, HttpStatusCode.ServiceUnavailable, 5)]
    [InlineData(HandlingResult.Full, HttpStatusCode.ServiceUnavailable, 60)]
    [InlineData(HandlingResult.None, HttpStatusCode.InternalServerError, null)]
    public async Task Receive_StoreSays_IsAnswered(HandlingResult result, HttpStatusCode expected, int? retryAfter)
    {
        await using var host = await StartAsync();
        host.Store.Scripted = result;

        using var response = await host.SendAsync(OrderPaid.Payload);

        await AssertAnswer(expected, response);
        Assert.Equal(retryAfter, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\uFEFF{ \"a\" : 1 }")]
    [InlineData("{\r\n\t\"text\":\"a\\r\\nb\"\r\n}\r\n")]
    [InlineData("{\"text\":\"naïve ☃ 𝄞 \u2028\"}")]
    public async Task Receive_Payload_ReachesTheHandlerByteForByte(string data)
    {
        byte[] received = [];
        await using var host = await ReceiverHost.StartAsync(source => source.On(
            OrderPaid.EventType, (webhook, _) => Task.FromResult(received = webhook.Payload.ToArray())));
        var sent = data.TrimStart('{', '\uFEFF');
        sent = data[..^sent.Length] + "\"type\":\"order.paid\"" + (data == "{}" ? "" : ",") + sent;

        using var response = await host.SendAsync(sent);

        await AssertAnswer(HttpStatusCode.OK, response);
        Assert.Equal(Encoding.UTF8.GetBytes(sent), received);
    }

    private static Task<ReceiverHost> StartAsync(Action<SourceBuilder>? configure = null) => ReceiverHost.StartAsync(source =>
    {
        configure?.Invoke(source);
        source.On<OrderPaid>(OrderPaid.EventType, (_, _) => Task.CompletedTask);
    });

    private static async Task AssertAnswer(HttpStatusCode expected, HttpResponseMessage response)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private sealed class EndlessContent : HttpContent
    {
        public EndlessContent() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (true)
            {
                await stream.WriteAsync(new byte[4096]);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
