using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class VerificationResultTests
{
    [Fact]
    public void Default_IsNotVerified()
    {
        var forgotten = default(VerificationResult);

        Assert.False(forgotten.IsVerified);
        Assert.Equal(VerificationStatus.None, forgotten.Status);
        Assert.Equal(-1, forgotten.KeyIndex);
        Assert.Null(forgotten.Id);
        Assert.Null(forgotten.Timestamp);
    }

    [Fact]
    public void Refused_WithVerified_Throws() =>
        Assert.Throws<ArgumentException>(() => VerificationResult.Refused(VerificationStatus.Verified));

    [Fact]
    public void Refused_WithAnyOtherStatus_IsNotVerified()
    {
        foreach (var status in Enum.GetValues<VerificationStatus>().Where(status => status != VerificationStatus.Verified))
        {
            var result = VerificationResult.Refused(status);

            Assert.False(result.IsVerified);
            Assert.Equal(status, result.Status);
            Assert.Equal(status.ToString(), result.ToString());
        }
    }
}
