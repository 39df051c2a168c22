using System.Diagnostics;
using WebhookKit.Idempotency;

namespace WebhookKit.StoreConformance.Idempotency;

/// <summary>What every handler transaction promises: claim and effect, both or neither, once.</summary>
public abstract class HandlerTransactionSuite : StoreSuite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ExecuteAsync_NewEvent_RunsTheHandlerAndRemembersTheClaim()
    {
        Assert.False(await IsClaimedAsync(NewClaim()));

        Assert.Equal(HandlingResult.Handled, await HandleAsync(NewClaim()));

        Assert.True(await IsClaimedAsync(NewClaim()));
        Assert.Equal(1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_SecondTime_IsDuplicateWithoutRunningTheHandler()
    {
        await HandleAsync(NewClaim());
        var ran = false;

        var result = await Store.HandlerTransaction.ExecuteAsync(
            NewClaim(), (_, _) => { ran = true; return Task.CompletedTask; }, default);

        Assert.Equal((HandlingResult.Duplicate, false), (result, ran));
        Assert.Equal(1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_OtherSourceTenantOrKey_IsAnotherEvent()
    {
        WebhookClaim[] claims =
        [
            NewClaim(), NewClaim() with { Source = "paypal" }, NewClaim() with { TenantId = "acme" },
            NewClaim() with { TenantId = "Acme" }, NewClaim() with { Key = "evt_2" }, NewClaim() with { Key = "EVT_1" },
            NewClaim() with { Key = "evt_1 " }, NewClaim() with { Source = "stripeevt_", Key = "1" },
        ];

        foreach (var claim in claims)
        {
            Assert.Equal(HandlingResult.Handled, await HandleAsync(claim));
        }

        foreach (var claim in claims)
        {
            Assert.Equal(HandlingResult.Duplicate, await HandleAsync(claim));
        }

        Assert.Equal(claims.Length, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_KeysOf256Characters_AreToldApartByTheLast()
    {
        var one = NewClaim() with { Key = new string('k', 255) + "1" };
        var two = NewClaim() with { Key = new string('k', 255) + "2" };

        Assert.Equal(HandlingResult.Handled, await HandleAsync(one));
        Assert.Equal(HandlingResult.Handled, await HandleAsync(two));
        Assert.Equal(HandlingResult.Duplicate, await HandleAsync(one));
    }

    [Fact]
    public async Task ExecuteAsync_HandlerThrows_ThrowsTheSameAndFreesTheEvent()
    {
        var failure = new InvalidTimeZoneException("handled");

        var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await HandleAsync(NewClaim(), () => throw failure));

        Assert.Same(failure, thrown);
        Assert.False(await IsClaimedAsync(NewClaim()));
        Assert.Equal(UndoneEffects(1), await Store.CountEffectsAsync());
        Assert.Equal(HandlingResult.Handled, await HandleAsync(NewClaim()));
        Assert.Equal(UndoneEffects(1) + 1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_CanceledWhileHandling_FreesTheEvent()
    {
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.HandlerTransaction.ExecuteAsync(
            NewClaim(),
            async (scope, token) =>
            {
                await Store.RecordEffectAsync(scope, "canceled");
                await cancellation.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
            cancellation.Token));

        Assert.Equal(UndoneEffects(1), await Store.CountEffectsAsync());
        Assert.Equal(HandlingResult.Handled, await HandleAsync(NewClaim()));
    }

    [Fact]
    public async Task ExecuteAsync_TwoEvents_GivesEachHandlerAScopeOfItsOwn()
    {
        var scopes = new List<IServiceProvider>();
        foreach (var key in new[] { "evt_1", "evt_2" })
        {
            await Store.HandlerTransaction.ExecuteAsync(
                NewClaim() with { Key = key }, (scope, _) => { scopes.Add(scope); return Task.CompletedTask; }, default);
        }

        Assert.Equal(2, scopes.Distinct().Count());
        Assert.DoesNotContain(Store.Services, scopes);
    }

    [Fact]
    public async Task ExecuteAsync_ManyCopiesAtOnce_HaveOneEffect()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
            await HandleAsync(NewClaim(), async () => await Task.Yield()))));

        Assert.Equal(1, results.Count(result => result == HandlingResult.Handled));
        Assert.All(results, result => Assert.True(
            result is HandlingResult.Handled or HandlingResult.Duplicate or HandlingResult.Busy, $"{result}"));
        Assert.Equal(1, await Store.CountEffectsAsync());
        Assert.Equal(HandlingResult.Duplicate, await HandleAsync(NewClaim()));
    }

    [Fact]
    public async Task ExecuteAsync_ManyEventsAtOnce_AreAllHandled()
    {
        var events = Enumerable.Range(0, 20).Select(i => NewClaim() with { Key = $"evt_{i}" }).ToArray();

        await Task.WhenAll(events.Select(claim => Task.Run(async () =>
        {
            // Where the database has one writer, an event may be told to come again.
            var deadline = Stopwatch.StartNew();
            while (await HandleAsync(claim) == HandlingResult.Busy)
            {
                Assert.True(deadline.Elapsed < Patience);
            }
        })));

        Assert.Equal(events.Length, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_FirstCopyHangs_SecondIsBusyAfterTheWait()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await StartHangingAsync(release.Task);
        var second = Task.Run(async () => await HandleAsync(NewClaim()));

        Assert.Equal(HandlingResult.Busy, await PassTimeUntilDoneAsync(second));

        release.SetResult();
        Assert.Equal(HandlingResult.Handled, await first.WaitAsync(Patience));
        Assert.Equal(HandlingResult.Duplicate, await HandleAsync(NewClaim()));
        Assert.Equal(1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_FirstCopyCommitsMeanwhile_SecondDoesNotRun()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await StartHangingAsync(release.Task);
        var second = Task.Run(async () => await HandleAsync(NewClaim()));

        release.SetResult();

        Assert.Equal(HandlingResult.Handled, await first.WaitAsync(Patience));
        Assert.Contains(await second.WaitAsync(Patience), new[] { HandlingResult.Duplicate, HandlingResult.Busy });
        Assert.Equal(1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_FirstCopyFailsMeanwhile_TheEventIsHandledByAnother()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await StartHangingAsync(release.Task);
        var second = Task.Run(async () => await HandleAsync(NewClaim()));

        release.SetException(new InvalidTimeZoneException("handled"));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => first.WaitAsync(Patience));
        var result = await second.WaitAsync(Patience);
        result = result == HandlingResult.Busy ? await HandleAsync(NewClaim()) : result;
        Assert.Equal(HandlingResult.Handled, result);
        Assert.Equal(UndoneEffects(1) + 1, await Store.CountEffectsAsync());
    }

    [Fact]
    public async Task ExecuteAsync_CanceledWhileWaiting_GivesUpWithoutRunning()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await StartHangingAsync(release.Task);
        using var cancellation = new CancellationTokenSource();
        var ran = false;
        var second = Task.Run(async () => await Store.HandlerTransaction.ExecuteAsync(
            NewClaim(), (_, _) => { ran = true; return Task.CompletedTask; }, cancellation.Token));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Patience));
        Assert.False(ran);
        release.SetResult();
        Assert.Equal(HandlingResult.Handled, await first.WaitAsync(Patience));
    }

    private static WebhookClaim NewClaim() => new("stripe", null, "evt_1", ClaimDefaults.Memory);

    private int UndoneEffects(int effects) => Store.EffectsAreTransactional ? 0 : effects;

    private ValueTask<bool> IsClaimedAsync(WebhookClaim claim) =>
        Store.Claims.IsClaimedAsync(claim.Source, claim.TenantId, claim.Key, default);

    private ValueTask<HandlingResult> HandleAsync(WebhookClaim claim) => HandleAsync(claim, () => Task.CompletedTask);

    private ValueTask<HandlingResult> HandleAsync(WebhookClaim claim, Func<Task> afterwards) =>
        Store.HandlerTransaction.ExecuteAsync(
            claim,
            async (scope, _) =>
            {
                await Store.RecordEffectAsync(scope, claim.Key);
                await afterwards();
            },
            default);

    private async Task<Task<HandlingResult>> StartHangingAsync(Task release)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await HandleAsync(NewClaim(), () => { begun.SetResult(); return release; }));
        await begun.Task.WaitAsync(Patience);
        return first;
    }

    private async Task<HandlingResult> PassTimeUntilDoneAsync(Task<HandlingResult> task)
    {
        var waited = Stopwatch.StartNew();
        while (!task.IsCompleted && waited.Elapsed < Patience)
        {
            await Store.AdvanceAsync(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }

        return await task.WaitAsync(TimeSpan.FromSeconds(1));
    }
}
