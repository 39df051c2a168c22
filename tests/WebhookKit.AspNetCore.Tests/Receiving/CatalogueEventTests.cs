using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>Which requests of the catalogue's providers are the same event, and of which event type.</summary>
public sealed class CatalogueEventTests
{
    private const string Secret = "kit-secret-kit-secret";

    private static readonly (string Name, string Value) Bearer = ("Authorization", "Bearer " + Secret);
    private static readonly (string Name, string Value) EventGridKey = ("aeg-sas-key", Secret);

    [Fact]
    public async Task Dropbox_SamePingTwice_IsTwoEvents()
    {
        const string Ping = """{"list_folder":{"accounts":["dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"]},"delta":{"users":[12345678]}}""";
        var sent = new Sent(Ping, ("X-Dropbox-Signature", Hmac(Ping)));

        Assert.Equal(["ping", "ping"], TypesOf(await ReceiveAsync("dropbox", sent, sent)));
    }

    [Fact]
    public async Task GoogleCalendar_SamePingTwice_IsTwoEvents()
    {
        var sent = new Sent("", ("X-Goog-Channel-Token", Secret), ("X-Goog-Resource-State", "exists"));

        Assert.Equal(["exists", "exists"], TypesOf(await ReceiveAsync("google-calendar", sent, sent)));
    }

    [Theory]
    [InlineData("""{"total":1}""", "application/json")]
    [InlineData("[1,2]", "application/json")]
    [InlineData("<order/>", "text/xml")]
    public async Task CloudEvents_Binary_AreKnownByTheirHeaders(string data, string contentType)
    {
        Sent Order(string source, string id) =>
            new(data, Bearer, ("ce-specversion", "1.0"), ("ce-type", "order.paid"), ("ce-source", source), ("ce-id", id)) { ContentType = contentType };

        Assert.Equal(
            [("order.paid", "/shop:1"), ("order.paid", "/shop:2"), ("order.paid", "/other:1")],
            await ReceiveAsync("cloudevents", Order("/shop", "1"), Order("/shop", "2"), Order("/shop", "1"), Order("/other", "1")));
    }

    [Fact]
    public async Task CloudEvents_Structured_AreKnownByTheirMembers()
    {
        static Sent Order(string source, string id) => new(CloudEvent(source, id), Bearer) { ContentType = "application/cloudevents+json" };

        Assert.Equal(
            [("order.paid", "/shop:1"), ("order.paid", "/shop:2"), ("order.paid", "/other:1")],
            await ReceiveAsync("cloudevents", Order("/shop", "1"), Order("/shop", "2"), Order("/shop", "1"), Order("/other", "1")));
    }

    [Fact]
    public async Task CloudEvents_Batch_IsAnEventEach()
    {
        static Sent Batch(params string[] ids) =>
            new($"[{string.Join(',', ids.Select(id => CloudEvent("/shop", id)))}]", Bearer) { ContentType = "application/cloudevents-batch+json; charset=utf-8" };

        Assert.Equal(
            [("order.paid", "/shop:1"), ("order.paid", "/shop:2"), ("order.paid", "/shop:3")],
            await ReceiveAsync("cloudevents", Batch("1", "2"), Batch(), Batch("2", "3")));
    }

    [Fact]
    public async Task AzureEventGrid_OwnSchema_IsKnownByTopicAndId()
    {
        static string Created(string topic) => $$"""{"id":"1","topic":"{{topic}}","eventType":"Blob.Created","data":1}""";

        Assert.Equal(
            [("Blob.Created", "/a:1"), ("Blob.Created", "/b:1"), ("Blob.Created", "1")],
            await ReceiveAsync(
                "azure-event-grid",
                new Sent($"[{Created("/a")},{Created("/b")}]", EventGridKey),
                new Sent($"[{Created("/b")}]", EventGridKey),
                new Sent("""[{"id":"1","eventType":"Blob.Created"}]""", EventGridKey)));
    }

    [Fact]
    public async Task AzureEventGrid_CloudEventsSchema_IsKnownBySourceAndId() => Assert.Equal(
        [("order.paid", "/a:1"), ("order.paid", "/b:1"), ("order.paid", "/b:2")],
        await ReceiveAsync(
            "azure-event-grid",
            new Sent(CloudEvent("/a", "1"), EventGridKey) { ContentType = "application/cloudevents+json; charset=utf-8" },
            new Sent($"[{CloudEvent("/b", "1")},{CloudEvent("/b", "2")},{CloudEvent("/a", "1")}]", EventGridKey) { ContentType = "application/cloudevents-batch+json" }));

    [Fact]
    public async Task Plaid_SamePingUnderAnotherToken_IsAnotherEvent()
    {
        const string Ping = """{"webhook_type":"TRANSACTIONS","webhook_code":"SYNC_UPDATES_AVAILABLE","item_id":"1"}""";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Sent At(int seconds) => new(Ping, ("Plaid-Verification", PlaidToken(key, Ping, ReceiverSetup.Start.AddSeconds(seconds))));

        var handled = await ReceiveAsync("plaid", PlaidKey(key), At(0), At(1), At(0));

        Assert.Equal(["TRANSACTIONS.SYNC_UPDATES_AVAILABLE", "TRANSACTIONS.SYNC_UPDATES_AVAILABLE"], TypesOf(handled));
    }

    [Fact]
    public async Task MicrosoftGraph_NotificationWithoutId_IsAnEventEachTime()
    {
        static Sent Changed(string id) => new($$"""{"value":[{{{id}}"subscriptionId":"s","changeType":"updated","resource":"me/drive/root","clientState":"{{Secret}}"}]}""");

        Assert.Equal(3, (await ReceiveAsync("ms-graph", Changed(""), Changed(""), Changed("\"id\":\"1\","), Changed("\"id\":\"1\","))).Count);
    }

    [Fact]
    public async Task ClickUp_SamePingTwice_IsTwoEvents()
    {
        const string Ping = """{"event":"spaceUpdated","space_id":"54650507","webhook_id":"7fa3ec74-69a8-4530-a251-8a13730bd204"}""";
        var sent = new Sent(Ping, ("X-Signature", Hmac(Ping)));

        Assert.Equal(["spaceUpdated", "spaceUpdated"], TypesOf(await ReceiveAsync("clickup", sent, sent)));
    }

    [Theory]
    [InlineData("""{"id":5,"status":"open"}""")]
    [InlineData("""{"status":"open"}""")]
    public async Task Zendesk_SameBodyOfATriggerSignedLater_IsAnotherEvent(string body)
    {
        Sent At(int seconds)
        {
            var timestamp = ReceiverSetup.Start.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            return new Sent(
                body,
                ("X-Zendesk-Webhook-Signature-Timestamp", timestamp),
                ("X-Zendesk-Webhook-Signature", Convert.ToBase64String(Hash(timestamp + body))));
        }

        Assert.Equal(["event", "event"], TypesOf(await ReceiveAsync("zendesk", At(0), At(1), At(0))));
    }

    [Fact]
    public async Task Sanity_SameProjectionSignedLater_IsAnotherEvent()
    {
        const string Projection = """{"_type":"post","_id":"1"}""";
        static Sent At(int seconds)
        {
            var timestamp = ReceiverSetup.Start.AddSeconds(seconds).ToUnixTimeMilliseconds();
            var signature = Base64Url.EncodeToString(Hash($"{timestamp}.{Projection}"));
            return new Sent(Projection, ("sanity-webhook-signature", $"t={timestamp},v1={signature}"));
        }

        Assert.Equal(["post", "post"], TypesOf(await ReceiveAsync("sanity", At(0), At(1), At(0))));
    }

    [Fact]
    public async Task Datadog_AlertsOfTheSameText_AreEventsEachUnlessTheyAreNumbered()
    {
        var basic = ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("kit:" + Secret)));
        var text = new Sent("""{"title":"down"}""", basic);
        var numbered = new Sent("""{"id":"1","date":"1750000000000","title":"down"}""", basic);

        Assert.Equal(3, (await ReceiveAsync("datadog", "kit:" + Secret, text, text, numbered, numbered)).Count);
    }

    [Fact]
    public async Task Postmark_MessageClickedTwiceAndOneReceived_AreAllHandled()
    {
        var basic = ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("kit:" + Secret)));
        Sent Click(int second) => new($$"""{"RecordType":"Click","MessageID":"m","ReceivedAt":"2026-03-01T12:00:0{{second}}Z"}""", basic);
        var inbound = new Sent("""{"FromName":"Kit","MessageStream":"inbound","MessageID":"n"}""", basic);

        Assert.Equal(
            ["Click", "Click", "Inbound"], TypesOf(await ReceiveAsync("postmark", "kit:" + Secret, Click(1), Click(2), Click(1), inbound)));
    }

    [Fact]
    public async Task GitLabToken_SamePushUnderAnotherKey_IsAnotherEvent()
    {
        static Sent Push(string key) => new("""{"object_kind":"push","ref":"a"}""", ("X-Gitlab-Token", Secret), ("Idempotency-Key", key));

        Assert.Equal([("push", "1"), ("push", "2")], await ReceiveAsync("gitlab-token", Push("1"), Push("2"), Push("1")));
    }

    private static string PlaidKey(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"kit","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    private static string PlaidToken(ECDsa key, string body, DateTimeOffset signedAt)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var head = Base64Url.EncodeToString("""{"alg":"ES256","kid":"kit"}"""u8);
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"iat":{{signedAt.ToUnixTimeSeconds()}},"request_body_sha256":"{{hash}}"}"""));
        return $"{head}.{claims}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256))}";
    }

    private static string CloudEvent(string source, string id) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"order.paid","data":1}""";

    private static IEnumerable<string> TypesOf(IEnumerable<(string EventType, string Id)> events) => events.Select(handled => handled.EventType);

    private static string Hmac(string text) => Convert.ToHexStringLower(Hash(text));

    private static byte[] Hash(string text) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text));

    private static Task<List<(string EventType, string Id)>> ReceiveAsync(string name, params Sent[] requests) => ReceiveAsync(name, Secret, requests);

    /// <summary>Sends the requests one after the other and returns what was handled.</summary>
    private static async Task<List<(string EventType, string Id)>> ReceiveAsync(string name, string secret, params Sent[] requests)
    {
        Assert.True(WebhookProviders.TryGet(name, out var provider));
        var handled = new List<(string, string)>();
        await using var host = await ReceiverHost.StartAsync((receiver, _) => receiver.AddSource(
            "partner", provider, source => source.AddSecret(secret).OnOthers((webhook, _) =>
            {
                handled.Add((webhook.EventType, webhook.Id));
                return Task.CompletedTask;
            })));
        foreach (var sent in requests)
        {
            using var request = sent.ToRequest();
            using var response = await host.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode)provider.AcceptedStatus, response.StatusCode);
        }

        return handled;
    }

    private sealed record Sent(string Body, params (string Name, string Value)[] Headers)
    {
        public string ContentType { get; init; } = "application/json";

        public HttpRequestMessage ToRequest()
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
            var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/partner") { Content = content };
            foreach (var (name, value) in Headers)
            {
                request.Headers.Add(name, value);
            }

            return request;
        }
    }
}
