using WebhookKit.EntityFrameworkCore.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Tests.Deliveries;

public sealed class LeaseFloorsTests
{
    private static readonly EndpointId One = new(Guid.NewGuid());
    private static readonly EndpointId Other = new(Guid.NewGuid());
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly LeaseFloors _floors = new();

    [Fact]
    public void Raise_KeepsTheHighestOfEachLane()
    {
        Raise(One, Noon);
        Raise(One, Noon.AddMinutes(-1));

        Assert.Equal(Noon.AddSeconds(-5), _floors.Of(One, isRetry: false));
        Assert.Equal(DateTimeOffset.UnixEpoch, _floors.Of(One, isRetry: true));
        Assert.Equal(DateTimeOffset.UnixEpoch, _floors.Of(Other, isRetry: false));
    }

    [Fact]
    public void Lower_BehindTheFloor_LeasesFromThereUntilItIsRaisedAgain()
    {
        Raise(One, Noon);

        _floors.Lower(One, Noon.AddHours(-1));

        Assert.Equal(Noon.AddHours(-1), _floors.Of(One, isRetry: false));
        Raise(One, Noon);
        Assert.Equal(Noon.AddSeconds(-5), _floors.Of(One, isRetry: false));
    }

    [Fact]
    public void Lower_AboveTheFloor_LeavesIt()
    {
        Raise(One, Noon);

        _floors.Lower(One, Noon.AddHours(1));

        Assert.Equal(Noon.AddSeconds(-5), _floors.Of(One, isRetry: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Raise_ByALeaseThatBeganBeforeTheFloorWasLowered_IsRefusedForThatEndpointAlone(bool hasFloor)
    {
        if (hasFloor)
        {
            Raise(One, Noon.AddHours(-2));
        }

        var before = _floors.Of(One, isRetry: false);
        var beganAt = _floors.Lowerings;
        _floors.Lower(One, Noon.AddHours(-1));

        _floors.Raise(One, isRetry: false, Noon, beganAt);
        _floors.Raise(Other, isRetry: false, Noon, beganAt);

        Assert.Equal(before, _floors.Of(One, isRetry: false));
        Assert.Equal(Noon.AddSeconds(-5), _floors.Of(Other, isRetry: false));
    }

    private void Raise(EndpointId id, DateTimeOffset leasedUpTo) => _floors.Raise(id, isRetry: false, leasedUpTo, _floors.Lowerings);
}
