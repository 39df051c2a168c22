using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>A captured request that is sent again to another URL: where nobody signed the difference, it is the same event.</summary>
public sealed class UnsignedUrlTests
{
    private const string Url = "/webhooks/partner";
    private const string Secret = "a2l0IHNlY3JldCBvZiBzb21lIGxlbmd0aCB0aGF0IGlzIGJhc2U2NCB0b28uLi4u";
    private const string Body = """{"type":"entry.published","subscriptionType":"entry.published"}""";

    [Theory]
    [InlineData("rfc9421")]
    [InlineData("monday")]
    [InlineData("hubspot")]
    [InlineData("azure-event-grid")]
    [InlineData("cloudevents")]
    public async Task Receive_QueryThatNobodySigned_IsTheSameEvent(string name)
    {
        var (handled, statuses) = await ReceiveAsync(name, Body, [Url, $"{Url}?n=1", $"{Url}?n=2"]);

        Assert.Equal(1, handled);
        Assert.All(statuses, status => Assert.True((int)status < 300, status.ToString()));
    }

    [Theory]
    [InlineData("??1", HttpStatusCode.Unauthorized, 1)]
    [InlineData("?a=b", HttpStatusCode.Unauthorized, 1)]
    [InlineData("?", HttpStatusCode.OK, 1)]
    public async Task Receive_UrlThatContentfulDidNotCall_IsRefusedOrTheSameEvent(string suffix, HttpStatusCode expected, int events)
    {
        var (handled, statuses) = await ReceiveAsync("contentful", Body, [Url, Url + suffix]);

        Assert.Equal([HttpStatusCode.OK, expected], statuses);
        Assert.Equal(events, handled);
    }

    [Fact]
    public async Task Receive_HostThatContentfulDidNotSign_IsTheSameEvent()
    {
        var (handled, statuses) = await ReceiveAsync("contentful", Body, [Url, Url], hosts: ["one.example", "two.example"]);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task Receive_UrlThatATemplateSigns_TellsEventsApart()
    {
        var (handled, _) = await ReceiveAsync("square", Body, [Url, $"{Url}?n=1"], everyOneIsSigned: true);

        Assert.Equal(2, handled);
    }

    /// <summary>Sends requests that are signed for the first URL, or each for its own, and returns how many events were handled.</summary>
    private static async Task<(int Handled, HttpStatusCode[] Statuses)> ReceiveAsync(
        string name, string body, string[] urls, string[]? hosts = null, bool everyOneIsSigned = false)
    {
        Assert.True(WebhookProviders.TryGet(name, out var provider));
        var handled = 0;
        await using var host = await ReceiverHost.StartAsync((receiver, _) => receiver.AddSource(
            "partner",
            provider,
            source =>
            {
                source.AddSecret(Secret).OnOthers((_, _) =>
                {
                    handled++;
                    return Task.CompletedTask;
                });
                if (name == "rfc9421")
                {
                    source.Set("Algorithm", "hmac-sha256");
                }

                if (name == "hubspot")
                {
                    source.Set("OldestVersion", "v1");
                }
            }));
        var statuses = new List<HttpStatusCode>();
        var signedAt = host.Clock.GetUtcNow();
        foreach (var (url, index) in urls.Select((url, index) => (url, index)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Client.BaseAddress!, url))
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } },
            };
            request.Headers.Host = hosts?[index];
            var signed = everyOneIsSigned ? url : urls[0];
            foreach (var (header, value) in Sign(name, signedAt, new Uri(host.Client.BaseAddress!, signed), body))
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            using var response = await host.Client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        return (handled, [.. statuses]);
    }

    private static (string Header, string Value)[] Sign(string name, DateTimeOffset now, Uri url, string body)
    {
        switch (name)
        {
            case "rfc9421":
                var parameters = $"(\"@path\" \"content-digest\");created={now.ToUnixTimeSeconds()}";
                var contentDigest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:";
                var content = $"\"@path\": {url.AbsolutePath}\n\"content-digest\": {contentDigest}\n\"@signature-params\": {parameters}";
                return
                [
                    ("Content-Digest", contentDigest),
                    ("Signature-Input", $"kit={parameters}"),
                    ("Signature", $"kit=:{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret), Encoding.UTF8.GetBytes(content)))}:"),
                ];
            case "contentful":
                var timestamp = now.ToUnixTimeMilliseconds();
                const string list = "x-contentful-signed-headers,x-contentful-timestamp";
                return
                [
                    ("x-contentful-timestamp", $"{timestamp}"),
                    ("x-contentful-signed-headers", list),
                    ("x-contentful-topic", "Entry.publish"),
                    ("x-contentful-signature", Convert.ToHexStringLower(Hmac(
                        $"POST\n{url.PathAndQuery}\nx-contentful-signed-headers:{list};x-contentful-timestamp:{timestamp}\n{body}"))),
                ];
            case "monday":
                var token = $"{Base64Url("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Base64Url(Encoding.UTF8.GetBytes($$"""{"exp":{{now.ToUnixTimeSeconds() + 300}}}"""))}";
                return [("Authorization", $"{token}.{Base64Url(Hmac(token))}")];
            case "hubspot":
                return
                [
                    ("X-HubSpot-Signature-Version", "v1"),
                    ("X-HubSpot-Signature", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret + body)))),
                ];
            case "azure-event-grid":
                return [("aeg-sas-key", Secret)];
            case "cloudevents":
                return [("Authorization", $"Bearer {Secret}"), ("ce-type", "event")];
            default:
                return [("x-square-hmacsha256-signature", Convert.ToBase64String(Hmac(url.OriginalString + body)))];
        }
    }

    private static byte[] Hmac(string content) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(content));

    private static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
