using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using WebhookKit.EventTypes;
using WebhookKit.Identifiers;
using WebhookKit.Publishing;
using WebhookKit.Testing;

namespace WebhookKit.Tests.Publishing;

public sealed class MessageFactoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 60, TimeSpan.Zero);
    private readonly WebhooksOptions _options = new();

    private MessageFactory Factory => new(
        new EventTypeRegistry([new(typeof(OrderPaid), "order.paid"), new(typeof(string), "text.sent")]),
        new IdGenerator(new FakeTimeProvider(Now)),
        new FakeTimeProvider(Now),
        Options.Create(_options));

    [Fact]
    public void Create_TypedEvent_WritesTheStandardWebhooksBody()
    {
        var message = Factory.Create(new OrderPaid(42, "Zoë"));

        Assert.Equal(
            """{"type":"order.paid","timestamp":"2026-01-02T03:04:05.060Z","data":{"orderId":42,"customer":"Zo\u00EB"}}""",
            Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(("order.paid", "application/json", Now), (message.EventType, message.ContentType, message.OccurredAt));
    }

    [Fact]
    public void Create_JsonOptionsOfTheHost_AreKept()
    {
        _options.JsonSerializerOptions = new JsonSerializerOptions(_options.JsonSerializerOptions)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        var payload = Encoding.UTF8.GetString(Factory.Create(new OrderPaid(42, "Zoë")).Payload.Span);

        Assert.EndsWith("""{"order_id":42,"customer":"Zoë"}}""", payload, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public void Create_DataOfAnyLength_IsWrittenWhole(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(number => (char)('a' + (number % 26))));

        using var payload = JsonDocument.Parse(Factory.Create(text).Payload);

        Assert.Equal(text, payload.RootElement.GetProperty("data").GetString());
    }

    [Fact]
    public void Create_NullData_WritesNull()
    {
        var payload = Encoding.UTF8.GetString(Factory.Create<string>(null!).Payload.Span);

        Assert.EndsWith(",\"data\":null}", payload, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithoutOptions_LeavesTheRestOpen()
    {
        var message = Factory.Create(new OrderPaid(42, "a"));

        Assert.Null(message.TenantId);
        Assert.Null(message.DeliverAt);
        Assert.Null(message.TargetEndpointId);
        Assert.Null(message.OrderingKey);
        Assert.Null(message.IdempotencyKey);
        Assert.Equal(MessageOrigin.Normal, message.Origin);
    }

    [Fact]
    public void Create_WithOptions_TakesThemAll()
    {
        var options = new PublishOptions
        {
            TenantId = "acme",
            IdempotencyKey = "order-42-paid",
            OrderingKey = "order-42",
            OccurredAt = new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.FromHours(-2)),
            DeliverAt = Now.AddDays(1),
            TargetEndpointId = EndpointId.Declared("acme", "warehouse"),
        };

        var message = Factory.Create(new OrderPaid(42, "a"), options);

        Assert.Equal(
            (options.TenantId, options.IdempotencyKey, options.OrderingKey, options.OccurredAt, options.DeliverAt, options.TargetEndpointId),
            (message.TenantId, message.IdempotencyKey, message.OrderingKey, (DateTimeOffset?)message.OccurredAt, message.DeliverAt, message.TargetEndpointId));
        Assert.Contains("\"timestamp\":\"2026-01-01T01:00:00.000Z\"", Encoding.UTF8.GetString(message.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TypeWithoutName_ThrowsNamingTheCure()
    {
        var thrown = Assert.Throws<UnknownEventTypeException>(() => Factory.Create(new Uri("https://a.example")));

        Assert.Equal(typeof(Uri), thrown.Type);
        Assert.Contains("AddEventType<Uri>(", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LargestPayload_IsAccepted() =>
        Assert.Equal(MessageDefaults.MaxPayloadBytes, Raw(new byte[MessageDefaults.MaxPayloadBytes]).Payload.Length);

    [Fact]
    public void Create_OneByteTooMany_Throws()
    {
        var thrown = Assert.Throws<PayloadTooLargeException>(() => Raw(new byte[MessageDefaults.MaxPayloadBytes + 1]));
        Assert.Equal(("order.paid", MessageDefaults.MaxPayloadBytes + 1), (thrown.EventType, thrown.PayloadBytes));

        // The body around the data counts too.
        Assert.Throws<PayloadTooLargeException>(() => Factory.Create(new string('a', MessageDefaults.MaxPayloadBytes - 10)));
    }

    [Fact]
    public void Create_RawEvent_KeepsItsBytesWhateverTheCallerDoesLater()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, (byte)'{', 0x0D, 0x0A, (byte)'}', 0xFF];
        var expected = bytes.ToArray();

        var message = Raw(bytes, "application/cloudevents+json; charset=utf-8");
        Array.Clear(bytes);

        Assert.Equal(expected, message.Payload.ToArray());
        Assert.Equal("application/cloudevents+json; charset=utf-8", message.ContentType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("order paid")]
    [InlineData("order.*")]
    public void Create_RawEventWithAnotherName_ThrowsQuotingIt(string eventType)
    {
        var thrown = Assert.Throws<ArgumentException>(() => Factory.Create(new RawEvent(eventType, default)));

        Assert.Contains($"'{eventType}'", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("json")]
    [InlineData("application/json\r\nX-Injected: 1")]
    [InlineData("application/json; a=\"b\r\nX-Injected: 1\"")]
    [InlineData("application/json; a=\"b\0\"")]
    [InlineData("application/json; a=\"\u00e9\"")]
    [InlineData("application/json; a=TOO_LONG")]
    public void Create_RawEventWithoutMediaType_Throws(string contentType) =>
        Assert.Throws<ArgumentException>(() => Raw([], contentType.Replace("TOO_LONG", new string('b', 256), StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("TOO LONG")]
    [InlineData("HALF A PAIR")]
    [InlineData("THE OTHER HALF")]
    public void Create_KeysOutOfBounds_ThrowNamingTheOption(string key)
    {
        // An attribute cannot hold half a surrogate pair.
        key = key switch
        {
            "TOO LONG" => new string('k', MessageDefaults.MaxKeyLength + 1),
            "HALF A PAIR" => "\U0001F600"[..1],
            "THE OTHER HALF" => "order-\U0001F600-" + "\U0001F600"[1..] + "-42",
            _ => key,
        };

        AssertRefused(new PublishOptions { TenantId = key }, "PublishOptions.TenantId");
        AssertRefused(new PublishOptions { IdempotencyKey = key }, "PublishOptions.IdempotencyKey");
        AssertRefused(new PublishOptions { OrderingKey = key }, "PublishOptions.OrderingKey");

        void AssertRefused(PublishOptions options, string name) => Assert.Contains(
            name, Assert.Throws<ArgumentException>(() => Factory.Create("text", options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LongestKey_IsAccepted()
    {
        var key = new string('k', MessageDefaults.MaxKeyLength);

        Assert.Equal(key, Factory.Create("text", new PublishOptions { IdempotencyKey = key }).IdempotencyKey);
    }

    [Theory]
    [InlineData("\U0001F600")]
    [InlineData("größe-\U0001F600\U0001F600-42")]
    public void Create_KeyWithSurrogatePairs_IsAccepted(string key) =>
        Assert.Equal(key, Factory.Create("text", new PublishOptions { OrderingKey = key }).OrderingKey);

    [Fact]
    public void Create_InsideAnActivity_KeepsItsTraceParent()
    {
        using var activity = new Activity("publish").SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.Equal(activity.Id, Factory.Create("text").TraceParent);
    }

    [Fact]
    public void Create_OutsideAnyActivity_HasNoTraceParent()
    {
        Assert.Null(Activity.Current);
        Assert.Null(Factory.Create("text").TraceParent);
    }

    private WebhookMessage Raw(byte[] payload, string contentType = "application/json") =>
        Factory.Create(new RawEvent("order.paid", payload, contentType));

    private sealed record OrderPaid(int OrderId, string Customer);
}
