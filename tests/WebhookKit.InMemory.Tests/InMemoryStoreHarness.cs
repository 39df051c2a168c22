using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookKit.InMemory.Outbox;
using WebhookKit.StoreConformance;
using WebhookKit.Testing;

namespace WebhookKit.InMemory.Tests;

internal sealed class InMemoryStoreHarness : StoreHarness
{
    private readonly ServiceProvider _services;
    private readonly FakeTimeProvider _clock = new();
    private int _effects;

    private InMemoryStoreHarness(Action<InMemoryStoreOptions>? configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddWebhooks().UseInMemoryStore(configure);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public override IServiceProvider Services => _services;

    public override bool EffectsAreTransactional => false;

    public static Task<StoreHarness> CreateAsync(Action<InMemoryStoreOptions>? configure = null) =>
        Task.FromResult<StoreHarness>(new InMemoryStoreHarness(configure));

    public override Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    public override Task CaptureAsync(IReadOnlyList<WebhookMessage> messages)
    {
        Assert.IsType<InMemoryOutboxStore>(Outbox).Capture(messages);
        return Task.CompletedTask;
    }

    public override Task RecordEffectAsync(IServiceProvider scope, string text)
    {
        Interlocked.Increment(ref _effects);
        return Task.CompletedTask;
    }

    public override Task<int> CountEffectsAsync() => Task.FromResult(Volatile.Read(ref _effects));

    public override ValueTask DisposeAsync() => _services.DisposeAsync();
}
