using System.Security.Cryptography;
using System.Text;
using WebhookKit.Signing;
using WebhookKit.Signing.Ed25519;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Signing;

public class RemoteStandardWebhooksSignerTests
{
    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);
    private static readonly SigningRequest Request = new("msg_1", SignedAt, "{}"u8.ToArray());

    [Fact]
    public async Task Sign_TwoRemoteKeys_VerifiesWithEither()
    {
        var (one, two) = (new Ed25519Service(), new Ed25519Service());
        var signer = new RemoteStandardWebhooksSigner([one, two], "acme");

        var headers = await signer.SignAsync(Request, CancellationToken.None);

        Assert.Equal(["acme-id", "acme-timestamp", "acme-signature"], headers.Select(header => header.Key));
        foreach (var key in new[] { one, two })
        {
            using var verifier = new StandardWebhooksVerifier(
                [], [key.VerificationKey], TimeSpan.FromMinutes(5), new FakeTimeProvider(SignedAt), "acme");
            Assert.True((await verifier.VerifyAsync(new WebhookRequest("POST", null, WebhookHeaders.Create(headers), Request.Payload))).IsVerified);
            Assert.Equal("msg_1.1750000000.{}", Assert.Single(key.Signed));
        }
    }

    [Fact]
    public async Task Sign_ContentOfTheLimitAndAByteMore_SignsTheOneAndRefusesTheOther()
    {
        var key = new Ed25519Service();
        var signer = new RemoteStandardWebhooksSigner([key]);
        var fits = new byte[key.MaxContentBytes - "msg_1.1750000000.".Length];

        await signer.SignAsync(Request with { Payload = fits }, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<SigningException>(
            async () => await signer.SignAsync(Request with { Payload = new byte[fits.Length + 1] }, CancellationToken.None));

        Assert.Contains("4,097 bytes, more than the 4,096", refused.Message, StringComparison.Ordinal);
        Assert.Single(key.Signed);
    }

    [Theory]
    [InlineData("v1a", 63)]
    [InlineData("v1a", 72)]
    [InlineData("v1a", 32)]
    [InlineData("v1", 64)]
    [InlineData("v1", 0)]
    [InlineData("v2", 32)]
    [InlineData("v1,x", 32)]
    public async Task Sign_AnswerThatIsNoSignature_IsNeverSent(string version, int length)
    {
        var signer = new RemoteStandardWebhooksSigner([new Answers(version, new byte[length])]);

        await Assert.ThrowsAsync<SigningException>(async () => await signer.SignAsync(Request, CancellationToken.None));
    }

    [Fact]
    public async Task Sign_Canceled_IsPassedOn()
    {
        using var canceled = new CancellationTokenSource();
        var signing = new RemoteStandardWebhooksSigner([new Hangs()]).SignAsync(Request, canceled.Token).AsTask();
        Assert.False(signing.IsCompleted);

        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signing);
    }

    [Fact]
    public void Create_NoKey_Throws() => Assert.Throws<ArgumentException>(() => new RemoteStandardWebhooksSigner([]));

    /// <summary>As AWS KMS signs: across a network, at most 4,096 bytes of a raw message.</summary>
    private sealed class Ed25519Service : IRemoteSigningKey
    {
        private readonly PrivateKey _key = new(RandomNumberGenerator.GetBytes(32));

        public List<string> Signed { get; } = [];

        public string Version => "v1a";

        public int MaxContentBytes => 4096;

        public WebhookVerificationKey VerificationKey => WebhookVerificationKey.Parse("whpk_" + Convert.ToBase64String(_key.PublicKeyBytes));

        public async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Assert.InRange(content.Length, 1, MaxContentBytes);
            Signed.Add(Encoding.UTF8.GetString(content.Span));
            var signature = new byte[64];
            _key.Sign([], content.Span, signature);
            return signature;
        }
    }

    private sealed class Answers(string version, byte[] signature) : IRemoteSigningKey
    {
        public string Version => version;

        public int MaxContentBytes => 4096;

        public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => new(signature);
    }

    private sealed class Hangs : IRemoteSigningKey
    {
        public string Version => "v1a";

        public int MaxContentBytes => 4096;

        public async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        }
    }
}
