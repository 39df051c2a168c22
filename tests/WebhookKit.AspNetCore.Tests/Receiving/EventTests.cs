using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>Requests of one to many events, and the claim key of each.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Receive_ArrayOfEvents_HandlesEachWithItsOwnBytesAndKey()
    {
        var handled = new List<string>();
        await using var host = await StartAsync(
            Provider("/events", ClaimKeyRule.Members("/id")),
            source => source.On("a", Record(handled)).On("b", Record(handled)));

        using var response = await host.SendAsync("""{"events":[{"id":"1","type":"a"}, {"id":2,"type":"b" },{"id":"3","type":"c"}],"x":0}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["""1 a {"id":"1","type":"a"}""", """2 b {"id":2,"type":"b" }"""], handled);
        Assert.Equal(["1", "2"], host.Store.Claims.Keys.Order());
        Assert.Contains("'c'", host.Log.Single("Unwanted").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"id":"1","type":"a"},{"id":"2","type":"a"}]""", 2)]
    [InlineData("\uFEFF[{\"id\":\"1\",\"type\":\"a\"}]", 1)]
    [InlineData("""{"id":"1","type":"a"}""", 1)]
    [InlineData("[]", 0)]
    public async Task Receive_BodyThatIsTheArray_HandlesEach(string payload, int events)
    {
        var handled = new List<string>();
        await using var host = await StartAsync(Provider("", ClaimKeyRule.Members("/id")), source => source.On("a", Record(handled)));

        using var response = await host.SendAsync(payload);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(events, handled.Count);
    }

    [Fact]
    public async Task Receive_OneOfSeveralFails_Answers500AndTheRepeatHandlesOnlyThatOne()
    {
        var runs = new List<string>();
        await using var host = await StartAsync(Provider("", ClaimKeyRule.Members("/id")), source => source.On("a", (webhook, _) =>
        {
            runs.Add(webhook.Id);
            return webhook.Id == "2" && runs.Count == 2 ? throw new InvalidOperationException("no stock") : Task.CompletedTask;
        }));
        const string payload = """[{"id":"1","type":"a"},{"id":"2","type":"a"},{"id":"3","type":"a"}]""";

        using var first = await host.SendAsync(payload);
        using var second = await host.SendAsync(payload);

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(["1", "2", "3", "2"], runs);
    }

    [Fact]
    public async Task Receive_StoreFullForOneOfSeveral_Answers503WithoutTryingTheRest()
    {
        await using var host = await StartAsync(
            Provider("", ClaimKeyRule.Members("/id")), source => source.On("a", (_, _) => Task.CompletedTask));
        host.Store.Scripted = Idempotency.HandlingResult.Full;

        using var response = await host.SendAsync("""[{"id":"1","type":"a"},{"id":"2","type":"a"}]""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(host.Log.Own, entry => entry.EventName == "HandedOver");
    }

    [Theory]
    [InlineData("""[{"id":"1","type":"a"},{"id":"2"}]""", "event 1: Missing at '/type'")]
    [InlineData("""[{"id":"1","type":"a"},3]""", "event 1: Missing at '/type'")]
    [InlineData("""[{"id":"1","type":"a"}""", "Malformed at ''")]
    public async Task Receive_OneOfSeveralIsUnreadable_Answers400AndHandlesNone(string payload, string reason)
    {
        var handled = new List<string>();
        await using var host = await StartAsync(Provider("", ClaimKeyRule.Members("/id")), source => source.On("a", Record(handled)));

        using var response = await host.SendAsync(payload);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, host.Log.Single("Unreadable").Text, StringComparison.Ordinal);
        Assert.Empty(handled);
    }

    [Theory]
    [InlineData("""{"type":"a","id":"evt_1"}""", "evt_1")]
    [InlineData("""{"type":"a","id":17}""", "17")]
    [InlineData("""{"type":"a","id":"\u0065vt_1"}""", "evt_1")]
    [InlineData("""{"type":"a"}""", null)]
    [InlineData("""{"type":"a","id":""}""", null)]
    [InlineData("""{"type":"a","id":"a\nb"}""", null)]
    [InlineData("""{"type":"a","id":{"id":"1"}}""", null)]
    [InlineData("""{"type":"a","id":"1","id":"2"}""", null)]
    public async Task Receive_KeyFromAMember_IsTheMemberOrTheHashOfTheContent(string payload, string? key)
    {
        await using var host = await StartAsync(
            Provider(null, ClaimKeyRule.Members("/id")), source => source.On("a", (_, _) => Task.CompletedTask));

        using var response = await host.SendAsync(payload);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(key ?? HashOf(payload), Assert.Single(host.Store.Claims.Keys));
    }

    [Fact]
    public async Task Receive_KeyFromSeveralMembers_JoinsThem()
    {
        await using var host = await StartAsync(
            Provider(null, ClaimKeyRule.Members("/id", "/meta/at")), source => source.On("a", (_, _) => Task.CompletedTask));

        using var response = await host.SendAsync("""{"type":"a","id":"1","meta":{"at":"noon"}}""");

        Assert.Equal("1:noon", Assert.Single(host.Store.Claims.Keys));
    }

    [Theory]
    [InlineData(128, false)]
    [InlineData(129, true)]
    public async Task Receive_LongKey_IsStoredHashed(int length, bool hashed)
    {
        await using var host = await StartAsync(
            Provider(null, ClaimKeyRule.Members("/id")), source => source.On("a", (_, _) => Task.CompletedTask));
        var id = new string('x', length);

        using var response = await host.SendAsync($$"""{"type":"a","id":"{{id}}"}""");

        Assert.Equal(hashed ? HashOf(id) : id, Assert.Single(host.Store.Claims.Keys));
    }

    [Fact]
    public async Task Receive_SameContentUnderOtherIds_IsOneEventWhereTheContentIsTheKey()
    {
        var handled = new List<string>();
        await using var host = await StartAsync(Provider(null, ClaimKeyRule.SignedContent), source => source.On("a", Record(handled)));

        using var first = await host.SendAsync("""{"type":"a"}""", new() { Id = "msg_1" });
        using var second = await host.SendAsync("""{"type":"a"}""", new() { Id = "msg_2" });

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Single(handled);
    }

    [Fact]
    public async Task Receive_EqualEventsOfOneRequest_AreToldApartByTheirPlace()
    {
        var handled = new List<string>();
        await using var host = await StartAsync(Provider("", ClaimKeyRule.SignedContent), source => source.On("a", Record(handled)));

        using var first = await host.SendAsync("""[{"type":"a"},{"type":"a"}]""");
        using var second = await host.SendAsync("""[{"type":"a"},{"type":"a"}]""");

        Assert.Equal(2, handled.Count);
    }

    [Fact]
    public async Task Receive_SameRequestTwiceWhereEveryRequestCounts_IsHandledTwice()
    {
        var handled = new List<string>();
        await using var host = await StartAsync(Provider("", ClaimKeyRule.Request), source => source.On("a", Record(handled)));
        const string payload = """[{"type":"a"},{"type":"a"}]""";

        using var first = await host.SendAsync(payload, new() { Id = "msg_1" });
        using var second = await host.SendAsync(payload, new() { Id = "msg_1" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(4, handled.Distinct().Count());
        Assert.Equal(4, host.Store.Claims.Count);
    }

    [Theory]
    [InlineData("push", HttpStatusCode.OK, "push.opened")]
    [InlineData("", HttpStatusCode.BadRequest, null)]
    [InlineData(null, HttpStatusCode.BadRequest, null)]
    public async Task Receive_EventTypeInAHeader_IsReadThere(string? header, HttpStatusCode expected, string? eventType)
    {
        var types = new List<string>();
        var provider = new WebhookProvider
        {
            Name = "by-header",
            EventTypeHeader = "X-Event",
            EventTypeDetailPointer = "/action",
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
            ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
        };
        await using var host = await StartAsync(provider, source => source.OnOthers((webhook, _) =>
        {
            types.Add(webhook.EventType);
            return Task.CompletedTask;
        }));
        using var request = await host.Requests.CreateAsync("/webhooks/partner", """{"type":"other","action":"opened"}""");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Event", header);
        }

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(eventType is null ? [] : [eventType], types);
    }

    [Fact]
    public async Task Receive_ProviderWithADefaultEventType_TakesAnyBody()
    {
        var types = new List<string>();
        var provider = new WebhookProvider
        {
            Name = "forms",
            DefaultEventType = "message",
            ContentTypes = ["application/x-www-form-urlencoded"],
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
            ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
        };
        await using var host = await StartAsync(provider, source => source.On("message", (webhook, _) =>
        {
            types.Add(Encoding.UTF8.GetString(webhook.Payload.Span));
            return Task.CompletedTask;
        }));

        using var response = await host.SendAsync("From=1&Body=hi", new() { ContentType = "application/x-www-form-urlencoded" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["From=1&Body=hi"], types);
    }

    private static string HashOf(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Func<ReceivedWebhook, CancellationToken, Task> Record(List<string> handled) => (webhook, _) =>
    {
        handled.Add($"{webhook.Id} {webhook.EventType} {Encoding.UTF8.GetString(webhook.Payload.Span)}");
        return Task.CompletedTask;
    };

    private static WebhookProvider Provider(string? eventsPointer, ClaimKeyRule claimKey) => new()
    {
        Name = "scripted",
        EventsPointer = eventsPointer,
        ClaimKey = claimKey,
        CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
        ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
    };

    private static Task<ReceiverHost> StartAsync(WebhookProvider provider, Action<SourceBuilder> configure) =>
        ReceiverHost.StartAsync((receiver, secret) => receiver.AddSource("partner", provider, source =>
        {
            source.AddSecret(secret.Reveal());
            configure(source);
        }));
}
