using WebhookKit.Handshakes;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>Amazon signs for everyone who has a topic: a source takes messages of its own topics alone.</summary>
public sealed class SnsTopicTests
{
    private const string Topic = "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic";

    [Theory]
    [InlineData(Topic, VerificationStatus.Verified)]
    [InlineData($"arn:aws:sns:us-west-2:131990247566:other {Topic}", VerificationStatus.Verified)]
    [InlineData("arn:aws:sns:us-west-2:666666666666:dongie-standard-topic", VerificationStatus.ClaimMismatch)]
    public async Task Verify_GenuineMessage_IsTakenFromListedTopicsAlone(string topics, VerificationStatus expected)
    {
        var vector = SignatureVector.Parse(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "vectors", "open.json")))
            .Single(vector => vector.Id == "sns-official-nosubject");
        using var document = System.Text.Json.JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "vectors", "open.json")));
        var json = document.RootElement.EnumerateArray().Single(element => element.GetProperty("id").ValueEquals(vector.Id));
        var verifier = WebhookProviders.AwsSns.CreateVerifier(new VerifierContext
        {
            Secrets = [json.GetProperty("publicKey").GetString()!],
            Tolerance = Timeout.InfiniteTimeSpan,
            TimeProvider = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(json.GetProperty("now").GetInt64())),
            Settings = new Dictionary<string, string> { [HandshakeSettings.Topics.Name] = topics },
        });

        Assert.Equal(expected, (await verifier.VerifyAsync(vector.ToRequest())).Status);
        (verifier as IDisposable)?.Dispose();
    }
}
