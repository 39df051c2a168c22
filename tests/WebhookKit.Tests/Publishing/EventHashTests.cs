using System.Text;
using Microsoft.Extensions.Options;
using WebhookKit.EventTypes;
using WebhookKit.Identifiers;
using WebhookKit.Publishing;
using WebhookKit.Testing;

namespace WebhookKit.Tests.Publishing;

public sealed class EventHashTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 60, TimeSpan.Zero));
    private readonly MessageFactory _factory;

    public EventHashTests() => _factory = new MessageFactory(
        new EventTypeRegistry([new(typeof(string), "text.sent")]),
        new IdGenerator(_clock),
        _clock,
        Options.Create(new WebhooksOptions()));

    [Fact]
    public void Compute_SameDataLater_IsTheSame()
    {
        var first = _factory.Create("a");
        _clock.Advance(TimeSpan.FromDays(1));
        var again = _factory.Create("a");

        Assert.NotEqual(first.Payload.ToArray(), again.Payload.ToArray());
        Assert.Equal(EventHash.Compute(first), EventHash.Compute(again));
    }

    [Fact]
    public void Compute_OtherData_IsAnother() =>
        Assert.NotEqual(EventHash.Compute(_factory.Create("a")), EventHash.Compute(_factory.Create("b")));

    [Fact]
    public void Compute_RawPayloads_AreComparedByteForByte()
    {
        var first = Raw("""{"type":"text.sent","timestamp":"2020-01-01T00:00:00.000Z","data":"a"}""");
        var again = Raw("""{"type":"text.sent","timestamp":"2020-01-01T00:00:00.001Z","data":"a"}""");

        Assert.NotEqual(EventHash.Compute(first), EventHash.Compute(again));
    }

    private WebhookMessage Raw(string payload) => _factory.Create(new RawEvent("text.sent", Encoding.UTF8.GetBytes(payload)));
}
