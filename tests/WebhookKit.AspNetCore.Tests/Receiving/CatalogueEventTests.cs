using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>Which requests of the catalogue's providers are the same event, and of which event type.</summary>
public sealed class CatalogueEventTests
{
    private const string Secret = "kit-secret-kit-secret";

    [Fact]
    public async Task Dropbox_SamePingTwice_IsTwoEvents()
    {
        const string ping = """{"list_folder":{"accounts":["dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"]},"delta":{"users":[12345678]}}""";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(ping)));

        var events = await ReceiveAsync(
            "dropbox", Enumerable.Repeat(() => Request(ping, ("X-Dropbox-Signature", signature)), 2));

        Assert.Equal(["ping", "ping"], events);
    }

    [Fact]
    public async Task GoogleCalendar_SamePingTwice_IsTwoEvents()
    {
        var events = await ReceiveAsync("google-calendar", Enumerable.Repeat(
            () => Request("", ("X-Goog-Channel-Token", Secret), ("X-Goog-Resource-State", "exists")), 2));

        Assert.Equal(["exists", "exists"], events);
    }

    /// <summary>Sends the requests one after the other and returns the event types that were handled.</summary>
    private static async Task<List<string>> ReceiveAsync(string name, IEnumerable<Func<HttpRequestMessage>> requests)
    {
        Assert.True(WebhookProviders.TryGet(name, out var provider));
        var handled = new List<string>();
        await using var host = await ReceiverHost.StartAsync((receiver, _) => receiver.AddSource(
            "partner", provider, source => source.AddSecret(Secret).OnOthers((webhook, _) =>
            {
                handled.Add(webhook.EventType);
                return Task.CompletedTask;
            })));
        foreach (var create in requests)
        {
            using var request = create();
            using var response = await host.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode)provider.AcceptedStatus, response.StatusCode);
        }

        return handled;
    }

    private static HttpRequestMessage Request(string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/partner")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }
}
