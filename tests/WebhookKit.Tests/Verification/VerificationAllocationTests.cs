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
        Assert.Equal(100, Verified(100));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var verified = Verified(1000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1000, verified);
        Assert.Equal(0, allocated);

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
