using WebhookKit.Idempotency;
using WebhookKit.StoreConformance;

namespace WebhookKit.InMemory.Tests.Idempotency;

/// <summary>What the fake clock lets us say exactly, where <see cref="HandlerTransactionSuite"/> has to allow for real time.</summary>
public sealed class InMemoryHandlerTransactionTimingTests : IAsyncLifetime
{
    private static readonly WebhookClaim Claim = new("stripe", null, "evt_1", ClaimDefaults.Memory);
    private readonly TaskCompletionSource _release = new();
    private StoreHarness _store = null!;

    public async Task InitializeAsync() => _store = await InMemoryStoreHarness.CreateAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task ExecuteAsync_FirstCopyHangs_SecondWaitsExactlyTheBusyWait()
    {
        var first = HandleAsync(_release.Task);
        var second = HandleAsync(Task.CompletedTask);

        await _store.AdvanceAsync(ClaimDefaults.BusyWait - TimeSpan.FromTicks(1));
        Assert.False(second.IsCompleted);
        await _store.AdvanceAsync(TimeSpan.FromTicks(1));

        Assert.Equal(HandlingResult.Busy, await second);
        _release.SetResult();
        Assert.Equal(HandlingResult.Handled, await first);
    }

    [Fact]
    public async Task ExecuteAsync_FirstCopyFailsWhileOthersWait_OneOfThemHandlesIt()
    {
        var first = HandleAsync(_release.Task);
        var others = Enumerable.Range(0, 8).Select(_ => HandleAsync(Task.CompletedTask)).ToArray();

        _release.SetException(new InvalidTimeZoneException());

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => first);
        var results = await Task.WhenAll(others);
        Assert.Equal(1, results.Count(result => result == HandlingResult.Handled));
        Assert.Equal(7, results.Count(result => result == HandlingResult.Duplicate));
    }

    private Task<HandlingResult> HandleAsync(Task handler) =>
        _store.HandlerTransaction.ExecuteAsync(Claim, (_, _) => handler, default).AsTask();
}
