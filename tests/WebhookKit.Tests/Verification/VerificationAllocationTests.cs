using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class VerificationAllocationTests
{
    [Theory]
    [InlineData(256)]
    [InlineData(1024)]
    [InlineData(10_240)]
    [InlineData(102_400)]
    public void Verify_SecondSecretMatches_AllocatesNothing(int bodyBytes)
    {
        var request = new SignedRequest { Body = new byte[bodyBytes] }.ToRequest();
        using var verifier = new StandardWebhooksVerifier(
            [WebhookSecret.Generate(), WebhookSecret.Parse(SignedRequest.OfficialSecret)],
            TimeSpan.FromMinutes(5),
            new FakeTimeProvider(SignedRequest.SignedAt));
        // What each request allocated would show in every round; what the runtime does on its own does not.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var verified = Verified(1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(1000, verified);
        }

        Assert.Equal(0, least);

        int Verified(int times)
        {
            var count = 0;
            for (var i = 0; i < times; i++)
            {
                count += verifier.VerifyAsync(request).Result.IsVerified ? 1 : 0;
            }

            return count;
        }
    }
}
