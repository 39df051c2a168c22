using WebhookKit.Dispatch;
using WebhookKit.Identifiers;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class DueEndpointsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly DueEndpoints _due;

    public DueEndpointsTests() => _due = new DueEndpoints(_clock);

    [Fact]
    public void Add_DueNow_EntersTheRingOnce()
    {
        var id = _ids.NewEndpointId();

        _due.Add(id, TimeSpan.Zero);
        _due.Add(id, TimeSpan.FromSeconds(-1));

        Assert.True(_due.Contains(id));
        Assert.True(_due.TryTake(out var taken));
        Assert.Equal(id, taken);
        Assert.False(_due.TryTake(out _));
        Assert.False(_due.Contains(id));
    }

    [Fact]
    public void Promote_LaterEndpoints_EnterWhenTheirTimeHasCome()
    {
        var soon = _ids.NewEndpointId();
        var later = _ids.NewEndpointId();
        _due.Add(later, TimeSpan.FromSeconds(5));
        _due.Add(soon, TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(2), _due.Promote());
        Assert.Equal(0, _due.Count);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(3), _due.Promote());
        Assert.True(_due.TryTake(out var taken));
        Assert.Equal(soon, taken);

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(_due.Promote());
        Assert.True(_due.Contains(later));
    }

    [Fact]
    public void Add_SameEndpointSeveralTimes_KeepsTheEarliestTime()
    {
        var id = _ids.NewEndpointId();
        _due.Add(id, TimeSpan.FromSeconds(5));
        _due.Add(id, TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(5), _due.Promote());

        _due.Add(id, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _due.Promote());
    }

    [Fact]
    public void Add_BeyondTheHorizon_IsLeftToTheSweep()
    {
        _due.Add(_ids.NewEndpointId(), TimeSpan.FromHours(1));

        Assert.Null(_due.Promote());
    }
}
