using System.Net;
using System.Net.Http.Headers;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>What the log says of a body that was changed on its way.</summary>
public sealed class MismatchHintTests
{
    private const string Signed = "{\"type\":\"a\",\n\"data\":\"é\"}";

    [Theory]
    [InlineData("\uFEFF{\"type\":\"a\",\n\"data\":\"é\"}", "it was given a byte order mark")]
    [InlineData("{\"type\":\"a\",\r\n\"data\":\"é\"}", "its line ends became CR LF")]
    [InlineData("{\"type\":\"a\",\n\"data\":\"é\"}\n", "a line end was added to it")]
    [InlineData("{\"type\":\"a\",\n\"data\":\"Ã©\"}", "it was taken for Latin-1 and encoded again")]
    [InlineData("{\"type\":\"b\",\n\"data\":\"é\"}", "no usual change of a body explains it")]
    public async Task Receive_ChangedBody_IsExplainedInTheLogAlone(string arrived, string expected)
    {
        await using var host = await StartAsync();

        using var response = await SendAsync(host, Signed, Encoding.UTF8.GetBytes(arrived));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        var text = host.Log.Single("NotVerified").Text;
        Assert.Contains("SignatureMismatch", text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains($"{Encoding.UTF8.GetByteCount(arrived)} bytes", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\uFEFF{}", "{}", "it lost its byte order mark")]
    [InlineData("{}\n", "{}", "it lost the line end behind it")]
    [InlineData("[\r\n]", "[\n]", "its line ends became LF")]
    [InlineData("{\"a\":1}", "{ \"a\" : 1 }", "it was parsed and written anew with other spaces")]
    public async Task Receive_BodyThatLostSomething_IsExplained(string signed, string arrived, string expected)
    {
        await using var host = await StartAsync();

        using var response = await SendAsync(host, signed, Encoding.UTF8.GetBytes(arrived));

        Assert.Contains(expected, host.Log.Single("NotVerified").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_BodyEncodedAsLatin1_IsExplained()
    {
        await using var host = await StartAsync();

        using var response = await SendAsync(host, Signed, Encoding.Latin1.GetBytes(Signed));

        Assert.Contains("it was decoded and encoded as Latin-1", host.Log.Single("NotVerified").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_ManyMismatches_AreLookedIntoOnceASecond()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var response = await SendAsync(host, "{}", "[]"u8.ToArray());
        }

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        using var later = await SendAsync(host, "{}", "[]"u8.ToArray());

        Assert.Equal(
            [true, false, false, true],
            host.Log.Own.Where(entry => entry.EventName == "NotVerified")
                .Select(entry => entry.Text.Contains("no usual change", StringComparison.Ordinal)));
    }

    private static Task<ReceiverHost> StartAsync() =>
        ReceiverHost.StartAsync(source => source.On("a", (_, _) => Task.CompletedTask));

    private static async Task<HttpResponseMessage> SendAsync(ReceiverHost host, string signed, byte[] arrived)
    {
        using var request = await host.Requests.CreateAsync("/webhooks/partner", signed);
        request.Content = new ByteArrayContent(arrived);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await host.Client.SendAsync(request);
    }
}
