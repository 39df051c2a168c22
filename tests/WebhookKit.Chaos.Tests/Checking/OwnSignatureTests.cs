using WebhookKit.Chaos.Checking;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class OwnSignatureTests
{
    private readonly HistoryBuilder _history = new();

    [Fact]
    public void Check_DoesNotVerify_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 1).Request("a", 1.1, 1.6, isVerified: false).Complete("a", 1.05, 1.7);

        _history.AssertBroken(OwnSignature.Id, "does not verify");
    }

    [Fact]
    public void Check_SignedForAnEarlierAttempt_IsAViolation()
    {
        _history.Deliver(_history.Publish()).Lease("a", 4).Request("a", 4.1, 4.6, signedAt: 1).Complete("a", 4.05, 4.7);

        _history.AssertBroken(OwnSignature.Id, "but was signed for");
    }

    [Fact]
    public void Check_SignedOutsideTheTolerance_IsAViolation()
    {
        _history.Deliver(_history.Publish(begun: 399, ended: 399.1))
            .Lease("a", 399.2).Request("a", 400, 400.5, signedAt: 1)
            .Succeed("b", from: 500);

        _history.AssertBroken(OwnSignature.Id, "does not verify");
    }
}
