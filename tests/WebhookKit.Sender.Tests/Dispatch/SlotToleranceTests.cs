using WebhookKit.Dispatch;
using WebhookKit.Endpoints;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class SlotToleranceTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly SlotTolerance _tolerance;

    public SlotToleranceTests() => _tolerance = new SlotTolerance(_clock);

    [Theory]
    [InlineData(null, 50)]
    [InlineData("50/s", 50)]
    [InlineData("1/s", 50)]
    [InlineData("10/m", 300)]
    [InlineData("10/h", 18_000)]
    public void Of_NothingLearned_IsAPartOfTheIntervalOrTheLeast(string? rate, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Of(rate));

    [Fact]
    public void Learn_OneLongStall_CountsForNextToNothing()
    {
        _clock.Advance(TimeSpan.FromHours(1));

        for (var held = 0; held < 1_000; held++)
        {
            _tolerance.Learn(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(70), Of("50/s"));
    }

    [Fact]
    public void Learn_AlwaysSlow_IsTheUsualInTheEnd()
    {
        for (var lease = 0; lease < 150; lease++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            _tolerance.Learn(TimeSpan.FromMilliseconds(200 + (lease % 7)));
        }

        Assert.InRange(Of("50/s").TotalMilliseconds, 250, 256);
    }

    [Fact]
    public void Learn_QuickAgain_EndsTheUsual()
    {
        Learn_AlwaysSlow_IsTheUsualInTheEnd();

        _tolerance.Learn(2 * Millisecond);

        Assert.Equal(TimeSpan.FromMilliseconds(52), Of("50/s"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnySecond_ProcessesStallAlone_AndTogether_SeesItsSlotsAndThoseOfTheTolerance(int seed)
    {
        var random = new Random(seed);
        var store = new MeteredStore(_clock, EndpointRate.PerSecond(50));
        StallingProcess[] processes = [.. Enumerable.Range(0, 4).Select(_ => new StallingProcess(store, _clock, random))];

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(2); passed += Millisecond)
        {
            if (random.Next(10_000) == 0)
            {
                var together = TimeSpan.FromMilliseconds(random.Next(3_000));
                Array.ForEach(processes, process => process.Stall(together));
            }

            Array.ForEach(processes, process => process.Run());
            _clock.Advance(Millisecond);
        }

        var tolerance = processes.Max(process => process.LargestTolerance);
        Assert.InRange(tolerance, SlotTolerance.Least, 2 * SlotTolerance.Least);
        Assert.True(processes.Sum(process => process.Lost) > 100, "Stalls cost slots.");
        Assert.True(store.Begun.Count > 4_000, $"Only {store.Begun.Count} requests began in two minutes.");
        var most = 1 + (int)((TimeSpan.FromSeconds(1) + tolerance) / store.Rate.Interval);
        Assert.All(store.Begun, (first, index) => Assert.InRange(
            store.Begun.Skip(index).TakeWhile(begun => begun - first < TimeSpan.FromSeconds(1)).Count(), 1, most));
    }

    private TimeSpan Of(string? rate) => _tolerance.Of(rate is null ? null : EndpointRate.Parse(rate));

    /// <summary>An endpoint with a rate and an endless backlog.</summary>
    private sealed class MeteredStore(TimeProvider clock, EndpointRate rate)
    {
        private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

        private EndpointState _state = new() { EndpointId = EndpointId.Declared(null, "one") };

        public EndpointRate Rate => rate;

        public List<DateTimeOffset> Begun { get; } = [];

        public IEnumerable<DateTimeOffset> Lease(int most)
        {
            var now = clock.GetUtcNow();
            var grant = EndpointMeter.Grant(_state, rate, most, now, LeaseDuration);
            if (grant.Deliveries > 0)
            {
                _state = EndpointMeter.Charge(_state, grant, grant.Deliveries, now, LeaseDuration);
            }

            return Enumerable.Range(0, grant.Deliveries).Select(index => now + grant.StartsIn(index)!.Value);
        }
    }

    /// <summary>A process that leases and sends, and now and then does nothing for a while.</summary>
    private sealed class StallingProcess(MeteredStore store, TimeProvider clock, Random random)
    {
        private readonly SlotTolerance _tolerance = new(clock);
        private List<DateTimeOffset> _slots = [];
        private DateTimeOffset _askedAt;
        private DateTimeOffset _busyUntil;
        private bool _isAnswered = true;

        public int Lost { get; private set; }

        public TimeSpan LargestTolerance { get; private set; } = SlotTolerance.Least;

        public void Stall(TimeSpan duration) => _busyUntil = clock.GetUtcNow() + duration;

        public void Run()
        {
            var now = clock.GetUtcNow();
            if (random.Next(1_000) == 0)
            {
                Stall(TimeSpan.FromMilliseconds(random.Next(random.Next(10) == 0 ? 2_000 : 200)));
            }

            if (now < _busyUntil)
            {
                return;
            }

            if (!_isAnswered)
            {
                _isAnswered = true;
                _tolerance.Learn(now - _askedAt);
            }

            foreach (var slot in _slots.Where(slot => slot <= now))
            {
                var tolerance = _tolerance.Of(store.Rate);
                LargestTolerance = tolerance > LargestTolerance ? tolerance : LargestTolerance;
                if (now - slot <= tolerance)
                {
                    store.Begun.Add(now);
                }
                else
                {
                    Lost++;
                }
            }

            _slots = [.. _slots.Where(slot => slot > now)];
            if (_slots.Count <= 12)
            {
                _slots.AddRange(store.Lease(16 - _slots.Count));
                _askedAt = now;
                _isAnswered = false;
                Stall(TimeSpan.FromMilliseconds(random.Next(1, 10)));
            }
        }
    }
}
