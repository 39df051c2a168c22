using WebhookKit.PostgreSql.WakeUp;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.Tests.WakeUp;

public sealed class WakeUpPayloadTests
{
    private const WaitingWork Everything = WaitingWork.Messages | WaitingWork.Deliveries;

    private readonly WakeUpPayload _own = new();

    [Theory]
    [InlineData(WaitingWork.Messages)]
    [InlineData(WaitingWork.Deliveries)]
    [InlineData(Everything)]
    public void Read_OwnAndOthers_OnlyOthersAreTold(WaitingWork work)
    {
        Assert.Equal(WaitingWork.None, _own.Read(_own.Write(work)));
        Assert.Equal(work, _own.Read(new WakeUpPayload().Write(work)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("0123456789abcdef 0")]
    [InlineData("0123456789abcdef 4")]
    [InlineData("0123456789abcdef -1")]
    [InlineData("0123456789abcdef 1 more")]
    public void Read_AnyOtherText_MayMeanAnything(string payload) => Assert.Equal(Everything, _own.Read(payload));
}
