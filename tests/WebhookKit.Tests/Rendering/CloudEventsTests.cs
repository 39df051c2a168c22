using System.Text;
using System.Text.Json;
using WebhookKit.Rendering;

namespace WebhookKit.Tests.Rendering;

/// <summary>The format <c>cloudevents</c>: CloudEvents 1.0.2, JSON event format.</summary>
public sealed class CloudEventsTests
{
    private static readonly PayloadFormat Format = PayloadFormats.CloudEvents("https://shop.example");

    [Fact]
    public void Render_PayloadOfStandardWebhooks_CarriesItsDataAsItWasWritten()
    {
        const string data = """{ "total":1.50,"big":123456789012345678901,"text":"\u00e9\/" }""";
        var message = NewMessage("{\"type\":\"order.paid\",\"timestamp\":\"2026-01-02T03:04:05.678Z\",\"data\":" + data + "}");

        var rendered = Format.Render(message);

        Assert.Equal("application/cloudevents+json; charset=utf-8", rendered.ContentType);
        Assert.Equal(
            "{\"specversion\":\"1.0\",\"id\":\"" + message.Id + "\",\"source\":\"https://shop.example\",\"type\":\"order.paid\","
            + "\"time\":\"2026-01-02T03:04:05.678Z\",\"datacontenttype\":\"application/json\",\"data\":" + data + "}",
            Encoding.UTF8.GetString(rendered.Payload.Span));
    }

    [Theory]
    [InlineData("""{"type":"order.paid","timestamp":"t","data":1,"more":2}""")]
    [InlineData("""{"type":"order.other","timestamp":"t","data":1}""")]
    [InlineData("""{"timestamp":"t","type":"order.paid","data":1}""")]
    [InlineData("""{"type":"order.paid","timestamp":"t"}""")]
    [InlineData("""{"type":"order.paid","timestamp":1,"data":2}""")]
    [InlineData("""{"type":1,"timestamp":"t","data":2}""")]
    [InlineData("""{"type":{"type":"order.paid"},"timestamp":"t","data":2}""")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData(" null ")]
    public void Render_AnotherJsonPayload_CarriesAllOfIt(string payload)
    {
        using var json = JsonDocument.Parse(Format.Render(NewMessage(payload)).Payload);

        Assert.Equal(payload.Trim(), json.RootElement.GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("<order/>", "application/xml")]
    [InlineData("a=1", "application/x-www-form-urlencoded")]
    [InlineData("{\"cut", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("{} {}", "application/json")]
    [InlineData("{}", "text/plain")]
    public void Render_NotJson_CarriesBytes(string payload, string contentType)
    {
        using var json = JsonDocument.Parse(Format.Render(NewMessage(payload) with { ContentType = contentType }).Payload);

        Assert.False(json.RootElement.TryGetProperty("data", out _));
        Assert.Equal(contentType, json.RootElement.GetProperty("datacontenttype").GetString());
        Assert.Equal(payload, Encoding.UTF8.GetString(json.RootElement.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Fact]
    public void Render_JsonThatIsNotUtf8_CarriesBytes()
    {
        byte[] payload = [(byte)'"', 0xff, (byte)'"'];
        using var json = JsonDocument.Parse(Format.Render(NewMessage("") with { Payload = payload }).Payload);

        Assert.Equal(payload, json.RootElement.GetProperty("data_base64").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/Vnd.Acme+JSON ; v=1")]
    public void Render_KindOfJson_CarriesJson(string contentType)
    {
        using var json = JsonDocument.Parse(Format.Render(NewMessage("{\"a\":1}") with { ContentType = contentType }).Payload);

        Assert.Equal("{\"a\":1}", json.RootElement.GetProperty("data").GetRawText());
    }

    [Fact]
    public void Render_LargestPayload_Fits()
    {
        var bytes = Format.Render(NewMessage("") with { ContentType = "application/octet-stream", Payload = new byte[MessageDefaults.MaxPayloadBytes] });
        var deep = Format.Render(NewMessage(new string('[', 900) + new string(']', 900)));

        Assert.InRange(bytes.Payload.Length, MessageDefaults.MaxPayloadBytes, MessageDefaults.MaxRenderedBytes);
        Assert.Contains("\"data\":[[[", Encoding.UTF8.GetString(deep.Payload.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("http://[")]
    public void CloudEvents_SourceIsNoUri_SaysSo(string source) =>
        Assert.Contains("is not a URI", Assert.Throws<ArgumentException>(() => PayloadFormats.CloudEvents(source)).Message, StringComparison.Ordinal);

    [Fact]
    public void CloudEvents_NameAndSourceOfOnesOwn_AreUsed()
    {
        var format = PayloadFormats.CloudEvents("/shop/orders", "events-v1");

        Assert.Equal("events-v1", format.Name);
        Assert.Contains("\"source\":\"/shop/orders\"", Encoding.UTF8.GetString(format.Render(NewMessage("{}")).Payload.Span), StringComparison.Ordinal);
    }

    private static WebhookMessage NewMessage(string payload) => new()
    {
        Id = new MessageId(Guid.Parse("01890f3c-7b2a-7c3d-8e4f-5a6b7c8d9e0f")),
        EventType = "order.paid",
        Payload = Encoding.UTF8.GetBytes(payload),
        OccurredAt = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 678, TimeSpan.FromHours(2)),
    };
}
