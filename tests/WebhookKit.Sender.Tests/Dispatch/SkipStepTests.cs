using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookKit.Deliveries;
using WebhookKit.Dispatch;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class SkipStepTests : IAsyncDisposable
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly StoreProbe _store = new();
    private readonly List<EndpointId> _asked = [];
    private readonly ServiceProvider _services;
    private readonly SkipStep _step;

    public SkipStepTests()
    {
        var services = new ServiceCollection();
        services.AddWebhooks().UseInMemoryStore();
        _store.Attach(services);
        _services = services.BuildServiceProvider();
        _step = new SkipStep(_services.GetRequiredService<IDeliveryStore>(), _clock, NullLogger.Instance);
        _store.Before = (method, argument) =>
        {
            if (method == nameof(IDeliveryStore.SkipDisabledAsync))
            {
                _asked.Add((EndpointId)argument!);
                _clock.Advance(Work);
            }

            return Task.CompletedTask;
        };
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task RunAsync_NothingDisabled_AsksForNothing()
    {
        await _step.RunAsync(default);

        Assert.Empty(_asked);
        Assert.False(_step.HasMore);
        Assert.Equal(TimeSpan.MaxValue, _step.NextIn);
    }

    [Fact]
    public async Task RunAsync_BigBacklogAndSmallOne_TakesTurnsBetweenThemAndRests()
    {
        var (big, small) = (await MakeAsync(500), await MakeAsync(1));
        _step.Add(big);
        _step.Add(small);
        _step.Add(big);

        for (var runs = 1; _step.NextIn < TimeSpan.MaxValue; runs++)
        {
            Assert.True(_step.HasMore);
            await _step.RunAsync(default);
            Assert.Equal(runs, _asked.Count);

            // Nine times as long as it took, whoever wakes the loop meanwhile.
            Assert.False(_step.HasMore);
            await _step.RunAsync(default);
            Assert.Equal(runs, _asked.Count);
            _clock.Advance(9 * Work);
        }

        Assert.Equal([big, small, big, big], _asked);
    }

    [Fact]
    public async Task RunAsync_StoreRefusesOne_LetsTheOthersPassAndComesBack()
    {
        var (refused, other) = (await MakeAsync(1), await MakeAsync(1));
        var count = _store.Before!;
        _store.Before = async (method, argument) =>
        {
            await count(method, argument);
            if (_asked is [var only] && only == refused)
            {
                throw new InvalidOperationException("the database is down");
            }
        };
        _step.Add(refused);
        _step.Add(other);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _step.RunAsync(default));
        for (var runs = 0; runs < 2; runs++)
        {
            _clock.Advance(9 * Work);
            await _step.RunAsync(default);
        }

        Assert.Equal([refused, other, refused], _asked);
        Assert.Equal(TimeSpan.MaxValue, _step.NextIn);
    }

    // For an endpoint that is not there, which counts as deleted.
    private async Task<EndpointId> MakeAsync(int deliveries)
    {
        var endpoint = _ids.NewEndpointId();
        var outbox = _services.GetRequiredService<IOutboxStore>();
        await outbox.AppendAsync(
            [
                .. Enumerable.Range(0, deliveries).Select(_ => new WebhookMessage
                {
                    Id = _ids.NewMessageId(),
                    EventType = "order.paid",
                    Payload = "{}"u8.ToArray(),
                    OccurredAt = DateTimeOffset.UnixEpoch,
                }),
            ],
            default);
        var made = await outbox.FanOutPendingAsync(
            deliveries,
            (messages, _) => [.. messages.Select(message => new NewDelivery { Id = _ids.NewDeliveryId(), MessageId = message.Id, EndpointId = endpoint })],
            default);
        Assert.Equal(deliveries, made.Deliveries.Count);
        return endpoint;
    }
}
