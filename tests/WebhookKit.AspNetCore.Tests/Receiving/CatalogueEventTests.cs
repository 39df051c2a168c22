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

    private static string CloudEvent(string source, string id) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"order.paid","data":1}""";

    private static IEnumerable<string> TypesOf(IEnumerable<(string EventType, string Id)> events) => events.Select(handled => handled.EventType);

    private static string Hmac(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));

    /// <summary>Sends the requests one after the other and returns what was handled.</summary>
    private static async Task<List<(string EventType, string Id)>> ReceiveAsync(string name, params Sent[] requests)
    {
        Assert.True(WebhookProviders.TryGet(name, out var provider));
        var handled = new List<(string, string)>();
        await using var host = await ReceiverHost.StartAsync((receiver, _) => receiver.AddSource(
            "partner", provider, source => source.AddSecret(Secret).OnOthers((webhook, _) =>
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
