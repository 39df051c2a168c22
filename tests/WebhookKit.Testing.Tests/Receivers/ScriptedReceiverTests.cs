using System.Net;

namespace WebhookKit.Testing.Tests.Receivers;

public sealed class ScriptedReceiverTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Requests_AfterAPost_HoldMethodPathHeadersAndExactBytes()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, 0x7B, 0x0D, 0x0A, 0x7D, 0x00, 0xFF];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_receiver.Url, "/a/b?c=%2F"))
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Add("X-Twice", ["one", "two"]);

        using var response = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var received = Assert.Single(_receiver.Requests);
        Assert.Equal("POST", received.Method);
        Assert.Equal("/a/b?c=%2F", received.Path);
        Assert.Equal(body, received.Body.ToArray());
        Assert.Contains("one", received.Headers["x-twice"].ToString(), StringComparison.Ordinal);
        Assert.Equal(received.Headers["X-Twice"], received.ToWebhookRequest().Headers["x-TWICE"]);
    }

    [Fact]
    public async Task Answer_Script_IsFollowedInOrderThenTheDefault()
    {
        _receiver.Answer(
            ReceiverAnswer.Status(503, ("Retry-After", "7")),
            ReceiverAnswer.Redirect("https://example.com/", 308),
            ReceiverAnswer.Body("hello"u8.ToArray(), 201));
        _receiver.DefaultAnswer = ReceiverAnswer.Status(418);

        using var first = await PostAsync();
        Assert.Equal(503, (int)first.StatusCode);
        Assert.Equal("7", first.Headers.GetValues("Retry-After").Single());
        using var second = await PostAsync();
        Assert.Equal(308, (int)second.StatusCode);
        Assert.Equal("https://example.com/", second.Headers.Location?.ToString());
        using var third = await PostAsync();
        Assert.Equal(201, (int)third.StatusCode);
        Assert.Equal("hello", await third.Content.ReadAsStringAsync());
        using var fourth = await PostAsync();
        Assert.Equal(418, (int)fourth.StatusCode);
    }

    [Fact]
    public async Task Reset_BreaksTheConnection()
    {
        _receiver.Answer(ReceiverAnswer.Reset());

        await Assert.ThrowsAsync<HttpRequestException>(PostAsync);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task When_AnswersOnlyOnceTheTaskCompletes()
    {
        var opened = new TaskCompletionSource();
        _receiver.Answer(ReceiverAnswer.When(opened.Task, ReceiverAnswer.Status(204)));

        var posting = PostAsync();
        await _receiver.WaitForRequestsAsync(1);
        Assert.False(posting.IsCompleted);
        opened.SetResult();

        using var response = await posting;
        Assert.Equal(204, (int)response.StatusCode);
    }

    [Fact]
    public async Task DrippingAndEndlessBody_SendTheirHeadersAtOnceAndGoOn()
    {
        foreach (var answer in new[] { ReceiverAnswer.DrippingBody(TimeSpan.FromMilliseconds(1), 500), ReceiverAnswer.EndlessBody(500) })
        {
            _receiver.Answer(answer);
            using var request = new HttpRequestMessage(HttpMethod.Post, _receiver.Url);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();

            Assert.Equal(500, (int)response.StatusCode);
            await body.ReadExactlyAsync(new byte[20]);
        }
    }

    [Fact]
    public async Task DisposeAsync_WithHangingRequests_EndsThem()
    {
        var receiver = await ScriptedReceiver.StartAsync();
        receiver.Answer(ReceiverAnswer.Hang());
        var posting = _client.PostAsync(receiver.Url, null);
        await receiver.WaitForRequestsAsync(1);

        await receiver.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2));

        await Assert.ThrowsAsync<HttpRequestException>(() => posting);
    }

    [Fact]
    public async Task WaitForRequestsAsync_TooFew_SaysHowMany()
    {
        using var response = await PostAsync();

        var exception = await Assert.ThrowsAsync<TimeoutException>(
            () => _receiver.WaitForRequestsAsync(2, TimeSpan.FromMilliseconds(50)));
        Assert.StartsWith("1 of 2 requests", exception.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync() => _client.PostAsync(_receiver.Url, new ByteArrayContent([1]));
}
