using WebhookKit.Idempotency;

namespace WebhookKit.StoreConformance.Idempotency;

/// <summary>What every claim store promises about remembering and forgetting.</summary>
public abstract class ClaimStoreSuite : StoreSuite
{
    [Fact]
    public async Task IsClaimedAsync_OtherSourceTenantOrKey_GivesFalse()
    {
        await ClaimAsync("evt_1", TimeSpan.FromDays(7), tenantId: "acme");

        Assert.True(await Store.Claims.IsClaimedAsync("stripe", "acme", "evt_1", default));
        Assert.False(await Store.Claims.IsClaimedAsync("paypal", "acme", "evt_1", default));
        Assert.False(await Store.Claims.IsClaimedAsync("stripe", null, "evt_1", default));
        Assert.False(await Store.Claims.IsClaimedAsync("stripe", "globex", "evt_1", default));
        Assert.False(await Store.Claims.IsClaimedAsync("stripe", "acme", "EVT_1", default));
    }

    [Fact]
    public async Task DeleteExpiredAsync_NothingExpired_DeletesNothing()
    {
        Assert.Equal(0, await Store.Claims.DeleteExpiredAsync(10, default));
        await ClaimAsync("evt_1", TimeSpan.FromDays(7));
        await Store.AdvanceAsync(TimeSpan.FromDays(7) - Slack);

        Assert.Equal(0, await Store.Claims.DeleteExpiredAsync(10, default));
        Assert.True(await Store.Claims.IsClaimedAsync("stripe", null, "evt_1", default));
    }

    [Fact]
    public async Task DeleteExpiredAsync_MemoryPassed_ForgetsTheClaim()
    {
        await ClaimAsync("short", TimeSpan.FromDays(7));
        await ClaimAsync("long", TimeSpan.FromDays(8));
        await Store.AdvanceAsync(TimeSpan.FromDays(7) + Slack);

        Assert.Equal(1, await Store.Claims.DeleteExpiredAsync(10, default));

        Assert.False(await Store.Claims.IsClaimedAsync("stripe", null, "short", default));
        Assert.True(await Store.Claims.IsClaimedAsync("stripe", null, "long", default));
        Assert.Equal(HandlingResult.Handled, await ClaimAsync("short", TimeSpan.FromDays(7)));
        Assert.Equal(HandlingResult.Duplicate, await ClaimAsync("long", TimeSpan.FromDays(7)));
    }

    [Fact]
    public async Task DeleteExpiredAsync_ClaimedAgain_RemembersFromThen()
    {
        await ClaimAsync("evt_1", TimeSpan.FromDays(7));
        await Store.AdvanceAsync(TimeSpan.FromDays(7) + Slack);
        await Store.Claims.DeleteExpiredAsync(10, default);
        await ClaimAsync("evt_1", TimeSpan.FromDays(7));
        await Store.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(0, await Store.Claims.DeleteExpiredAsync(10, default));
        Assert.True(await Store.Claims.IsClaimedAsync("stripe", null, "evt_1", default));
    }

    [Fact]
    public async Task DeleteExpiredAsync_MoreThanAsked_DeletesInBatches()
    {
        for (var i = 0; i < 5; i++)
        {
            await ClaimAsync($"evt_{i}", TimeSpan.FromDays(7));
        }

        await Store.AdvanceAsync(TimeSpan.FromDays(7) + Slack);

        Assert.Equal(2, await Store.Claims.DeleteExpiredAsync(2, default));
        Assert.Equal(2, await Store.Claims.DeleteExpiredAsync(2, default));
        Assert.Equal(1, await Store.Claims.DeleteExpiredAsync(2, default));
        Assert.Equal(0, await Store.Claims.DeleteExpiredAsync(2, default));
    }

    private ValueTask<HandlingResult> ClaimAsync(string key, TimeSpan memory, string? tenantId = null) =>
        Store.HandlerTransaction.ExecuteAsync(
            new WebhookClaim("stripe", tenantId, key, memory), (_, _) => Task.CompletedTask, default);
}
