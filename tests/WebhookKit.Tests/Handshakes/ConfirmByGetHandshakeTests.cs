using System.Net;
using WebhookKit.Handshakes;

namespace WebhookKit.Tests.Handshakes;

/// <summary>AWS SNS: only a topic of the source is confirmed, and only at Amazon.</summary>
public sealed class ConfirmByGetHandshakeTests
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:orders";
    private const string GoodUrl = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc";

    [Theory]
    [InlineData(GoodUrl)]
    [InlineData("https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription")]
    public async Task Confirmation_ListedTopicAndAmazonsHost_IsCalledAndAcknowledged(string url)
    {
        var client = new RecordingClient();

        var result = await Ask(url, client);

        Assert.Equal((HandshakeStatus.Answered, 200), (result.Status, result.Response!.StatusCode));
        Assert.Equal([$"GET {url}"], client.Called);
    }

    [Theory]
    [InlineData("https://evil.example/?Action=ConfirmSubscription")]
    [InlineData("https://sns.eu-central-1.amazonaws.com.evil.example/")]
    [InlineData("https://evil.example/sns.eu-central-1.amazonaws.com")]
    [InlineData("https://sns.eu-central-1.amazonaws.com@evil.example/")]
    [InlineData("https://sns.evil.example#.amazonaws.com/")]
    [InlineData("https://sns.a.b.amazonaws.com/")]
    [InlineData("https://sns..amazonaws.com/")]
    [InlineData("https://sns.amazonaws.com/")]
    [InlineData("https://s3.eu-central-1.amazonaws.com/")]
    [InlineData("https://sns.s3.amazonaws.com/")]
    [InlineData("https://sns.s3-us-west-2.amazonaws.com/")]
    [InlineData("http://sns.eu-central-1.amazonaws.com/")]
    [InlineData("https://sns.eu-central-1.amazonaws.com:8443/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://169.254.169.254/")]
    [InlineData("")]
    public async Task Confirmation_AnotherHost_IsNeverCalled(string url)
    {
        var client = new RecordingClient();

        var result = await Ask(url, client);

        Assert.Equal((HandshakeStatus.UrlNotAllowed, 403), (result.Status, result.Response!.StatusCode));
        Assert.Empty(client.Called);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("arn:aws:sns:eu-central-1:123456789012:invoices")]
    public async Task Confirmation_TopicNotListed_IsNeverCalled(string? topics)
    {
        var client = new RecordingClient();

        var result = await Ask(GoodUrl, client, topics);

        Assert.Equal(HandshakeStatus.TopicNotAllowed, result.Status);
        Assert.Empty(client.Called);
    }

    [Fact]
    public async Task Confirmation_NotTakenByTheProvider_IsAskedForAgain()
    {
        Assert.Equal(503, (await Ask(GoodUrl, new RecordingClient(HttpStatusCode.InternalServerError))).Response!.StatusCode);
        Assert.Equal(503, (await Ask(GoodUrl, new RecordingClient(HttpStatusCode.Redirect))).Response!.StatusCode);
        Assert.Equal(503, (await Ask(GoodUrl, new RecordingClient(failure: new HttpRequestException("refused")))).Response!.StatusCode);
    }

    [Fact]
    public async Task Confirmation_WithoutAClient_IsRefused() =>
        Assert.Equal(HandshakeStatus.NotConfigured, (await Ask(GoodUrl, client: null)).Status);

    [Fact]
    public async Task Confirmation_BeforeVerification_IsNotLookedAt()
    {
        var client = new RecordingClient();
        var question = Confirmation(GoodUrl, client, Topic);

        var result = await question.AskAsync(ProviderHandshakes.AwsSns, HandshakeStage.BeforeVerification);

        Assert.Equal(HandshakeStatus.NotAsked, result.Status);
        Assert.Empty(client.Called);
    }

    private static Task<HandshakeResult> Ask(string url, HttpMessageInvoker? client, string? topics = Topic) =>
        Confirmation(url, client, topics).AskAsync(ProviderHandshakes.AwsSns);

    private static Question Confirmation(string url, HttpMessageInvoker? client, string? topics)
    {
        var question = Question.Post($$"""{"Type":"SubscriptionConfirmation","TopicArn":"{{Topic}}","SubscribeURL":"{{url}}"}""") with { Client = client };
        return topics is null ? question : question.Setting(HandshakeSettings.Topics, topics);
    }
}
