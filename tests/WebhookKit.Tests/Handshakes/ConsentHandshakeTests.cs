using WebhookKit.Handshakes;

namespace WebhookKit.Tests.Handshakes;

/// <summary>CloudEvents' abuse protection: the consent is in the headers, and a refusal leaves them out.</summary>
public sealed class ConsentHandshakeTests
{
    [Theory]
    [InlineData("120", null, "120")]
    [InlineData("120", "60", "60")]
    [InlineData("30", "60", "30")]
    [InlineData(null, "60", "60")]
    [InlineData(null, null, "*")]
    [InlineData("+1", null, "*")]
    [InlineData("99999999999", "60", "60")]
    public async Task Consent_Rate_IsTheLeastOfWhatIsAskedAndAllowed(string? asked, string? allowed, string expected)
    {
        var question = new Question("OPTIONS").With("WebHook-Request-Origin", "eventemitter.example.com");
        question = asked is null ? question : question.With("WebHook-Request-Rate", asked);
        question = allowed is null ? question : question.Setting(HandshakeSettings.RequestsPerMinute, allowed);

        var result = await question.AskAsync(ProviderHandshakes.CloudEvents);

        Assert.Equal((HandshakeStatus.Answered, 200), (result.Status, result.Response!.StatusCode));
        Assert.Equal(
            [
                new("Allow", "POST"),
                new("WebHook-Allowed-Origin", "eventemitter.example.com"),
                new("WebHook-Allowed-Rate", expected),
            ],
            result.Response.Headers);
    }

    [Fact]
    public async Task Consent_OriginListed_IsGiven()
    {
        var question = new Question("OPTIONS").With("WebHook-Request-Origin", "B.example").Setting(HandshakeSettings.Origins, "a.example b.example");

        Assert.Equal(HandshakeStatus.Answered, (await question.AskAsync(ProviderHandshakes.CloudEvents)).Status);
    }

    [Theory]
    [InlineData("c.example", HandshakeStatus.OriginNotAllowed)]
    [InlineData("a.example.evil.example", HandshakeStatus.OriginNotAllowed)]
    [InlineData("a.example\r\nSet-Cookie: a=b", HandshakeStatus.MalformedChallenge)]
    [InlineData("<a.example>", HandshakeStatus.MalformedChallenge)]
    [InlineData("*", HandshakeStatus.MalformedChallenge)]
    public async Task Consent_OriginNotListed_LeavesTheHeadersOut(string origin, HandshakeStatus status)
    {
        var question = new Question("OPTIONS").With("WebHook-Request-Origin", origin).Setting(HandshakeSettings.Origins, "a.example b.example");

        var result = await question.AskAsync(ProviderHandshakes.CloudEvents);

        Assert.Equal(status, result.Status);
        Assert.Empty(result.Response!.Headers);
    }

    [Fact]
    public async Task Consent_CallbackUrl_IsNotCalled()
    {
        var client = new RecordingClient();
        var question = new Question("OPTIONS") { Client = client }
            .With("WebHook-Request-Origin", "a.example")
            .With("WebHook-Request-Callback", "https://a.example/confirm");

        Assert.Equal(HandshakeStatus.Answered, (await question.AskAsync(ProviderHandshakes.CloudEvents)).Status);
        Assert.Empty(client.Called);
    }
}
