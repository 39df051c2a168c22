using WebhookKit.Identifiers;
using WebhookKit.Testing;

namespace WebhookKit.Tests.Identifiers;

public sealed class IdGeneratorTests
{
    private readonly SettableClock _clock = new();
    private readonly IdGenerator _ids;

    public IdGeneratorTests() => _ids = new IdGenerator(_clock);

    [Fact]
    public void NewMessageId_HoldsTheTimeAndIsOfVersionSeven()
    {
        var value = _ids.NewMessageId().Value;

        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var millisecond = (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        Assert.Equal(_clock.Now.ToUnixTimeMilliseconds(), millisecond);
        Assert.Equal((7, 0b10), (value.Version, value.Variant >> 2));
    }

    [Fact]
    public void NewMessageId_ClockStandsStill_StillIncreases() => AssertIncreasing(MakeIds(200_000));

    [Fact]
    public void NewMessageId_ClockStepsBack_StillIncreases()
    {
        var before = _ids.NewMessageId();

        _clock.Now -= TimeSpan.FromHours(1);

        AssertIncreasing([before, .. MakeIds(1_000)]);
    }

    [Fact]
    public void NewMessageId_ClockMovesOn_IncreasesAndHoldsTheNewTime()
    {
        var before = _ids.NewMessageId();

        _clock.Now += TimeSpan.FromMilliseconds(1);
        var after = _ids.NewMessageId();

        AssertIncreasing([before, after]);
        Assert.NotEqual(before.Value.ToString("N")[..12], after.Value.ToString("N")[..12]);
    }

    [Fact]
    public async Task NewMessageId_FromManyThreads_NeverRepeatsAndIncreasesOnEach()
    {
        var perThread = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => MakeIds(20_000))));

        Assert.All(perThread, AssertIncreasing);
        Assert.Equal(160_000, perThread.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public void NewMessageId_TwoGeneratorsAtOneInstant_DoNotMeet()
    {
        var other = new IdGenerator(_clock);

        var ids = MakeIds(10_000).Concat(Enumerable.Range(0, 10_000).Select(_ => other.NewMessageId()));

        Assert.Equal(20_000, ids.Distinct().Count());
    }

    [Fact]
    public void NewIds_OfAllKinds_ShareOneSequence()
    {
        Guid[] values =
        [
            _ids.NewMessageId().Value, _ids.NewDeliveryId().Value, _ids.NewAttemptId().Value,
            _ids.NewLeaseId().Value, _ids.NewEndpointId().Value,
        ];

        Assert.Equal(values.Order(), values);
        Assert.Equal(5, values.Distinct().Count());
    }

    [Fact]
    public void Constructor_WithoutClock_Throws() => Assert.Throws<ArgumentNullException>(() => new IdGenerator(null!));

    private MessageId[] MakeIds(int count) => [.. Enumerable.Range(0, count).Select(_ => _ids.NewMessageId())];

    private static void AssertIncreasing(MessageId[] ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            Assert.True(ids[i - 1].CompareTo(ids[i]) < 0, $"{ids[i - 1]} came before {ids[i]}");
        }
    }

    // FakeTimeProvider moves forward only, as clocks should.
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new FakeTimeProvider().GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
