using WebhookKit.Handshakes;

namespace WebhookKit.StoreConformance.Handshakes;

/// <summary>What every store promises about secrets learned at run time: only who is waited for brings one, and one of many wins.</summary>
public abstract class SourceSecretStoreSuite : StoreSuite
{
    private const string Source = "asana";

    private static readonly TimeSpan Pending = TimeSpan.FromHours(1);

    [Fact]
    public async Task TryCompleteAsync_NothingPending_IsRefused()
    {
        Assert.Equal(RegistrationResult.NotPending, await CompleteAsync("first"));
        Assert.Empty(await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_Pending_MakesTheSecretVerify()
    {
        await OpenAsync();
        Assert.Empty(await SecretsAsync());

        Assert.Equal(RegistrationResult.Completed, await CompleteAsync("first"));

        Assert.Equal(["first"], await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_SecondAnswer_OnlyTheSameSecretIsTaken()
    {
        await OpenAsync();
        await CompleteAsync("first");

        Assert.Equal(RegistrationResult.CompletedBefore, await CompleteAsync("first"));
        Assert.Equal(RegistrationResult.NotPending, await CompleteAsync("attacker"));
        Assert.Equal(["first"], await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_PendingNoMore_IsRefused()
    {
        await OpenAsync();
        await Store.AdvanceAsync(Pending + Slack);

        Assert.Equal(RegistrationResult.NotPending, await CompleteAsync("late"));
        Assert.Empty(await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_OtherSourceOrTenant_IsRefused()
    {
        await OpenAsync(tenantId: "acme");

        Assert.Equal(RegistrationResult.NotPending, await CompleteAsync("first"));
        Assert.Equal(RegistrationResult.NotPending, await CompleteAsync("first", tenantId: "globex"));
        Assert.Equal(
            RegistrationResult.NotPending,
            await Store.SourceSecrets.TryCompleteAsync(new RegistrationAnswer("notion", "acme") { Secret = "first" }, default));
        Assert.Equal(RegistrationResult.Completed, await CompleteAsync("first", tenantId: "acme"));
        Assert.Empty(await SecretsAsync());
        Assert.Equal(["first"], await SecretsAsync("acme"));
    }

    [Fact]
    public async Task TryCompleteAsync_ManyAtOnce_OneWins()
    {
        await OpenAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => CompleteAsync($"secret-{i}"))));

        Assert.Single(results, RegistrationResult.Completed);
        Assert.Equal(7, results.Count(result => result == RegistrationResult.NotPending));
        Assert.Single(await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_TwoPending_EachTakesOne()
    {
        await OpenAsync("projects");
        await OpenAsync("tasks");

        await CompleteAsync("first");
        await CompleteAsync("second");

        Assert.Equal(["first", "second"], (await SecretsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(RegistrationResult.NotPending, await CompleteAsync("third"));
    }

    [Fact]
    public async Task TryCompleteAsync_TopicGiven_CompletesThatOneAlone()
    {
        await OpenAsync("https://hub.example/a", secret: "chosen");

        Assert.Equal(RegistrationResult.NotPending, await ConfirmAsync("https://hub.example/b"));
        Assert.Empty(await SecretsAsync());
        Assert.Equal(RegistrationResult.Completed, await ConfirmAsync("https://hub.example/a"));
        Assert.Equal(RegistrationResult.CompletedBefore, await ConfirmAsync("https://hub.example/a"));
        Assert.Equal(["chosen"], await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_Renewed_BothVerifyForTheOverlap()
    {
        await OpenAsync("https://hub.example/a", secret: "old");
        await ConfirmAsync("https://hub.example/a");
        await Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        await OpenAsync("https://hub.example/a", secret: "new");
        Assert.Equal(["old"], await SecretsAsync());

        Assert.Equal(RegistrationResult.Completed, await ConfirmAsync("https://hub.example/a"));

        Assert.Equal(["new", "old"], await SecretsAsync());
        await Store.AdvanceAsync(SourceSecretLimits.Overlap + Slack);
        Assert.Equal(["new"], await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_WithALease_VerifiesUntilItEnds()
    {
        await OpenAsync("https://hub.example/a", secret: "leased");
        await ConfirmAsync("https://hub.example/a", lease: TimeSpan.FromDays(10));

        await Store.AdvanceAsync(TimeSpan.FromDays(10) - Slack);
        Assert.Equal(["leased"], await SecretsAsync());
        await Store.AdvanceAsync(2 * Slack);
        Assert.Empty(await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_SomebodyElseConfirmsFirst_TheLongerLeaseHolds()
    {
        await OpenAsync("https://hub.example/a", secret: "chosen");
        await ConfirmAsync("https://hub.example/a", lease: TimeSpan.FromSeconds(1));

        Assert.Equal(RegistrationResult.CompletedBefore, await ConfirmAsync("https://hub.example/a", lease: TimeSpan.FromHours(2)));
        Assert.Equal(RegistrationResult.CompletedBefore, await ConfirmAsync("https://hub.example/a", lease: TimeSpan.FromSeconds(1)));
        await Store.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["chosen"], await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_Removal_OnlyWhereOneIsPending()
    {
        await OpenAsync("https://hub.example/a", secret: "chosen");
        await ConfirmAsync("https://hub.example/a");

        Assert.Equal(RegistrationResult.NotPending, await ConfirmAsync("https://hub.example/a", removes: true));
        await OpenAsync("https://hub.example/a", removes: true);
        Assert.Equal(RegistrationResult.Completed, await ConfirmAsync("https://hub.example/a", removes: true));

        Assert.Equal(["chosen"], await SecretsAsync());
        await Store.AdvanceAsync(SourceSecretLimits.Overlap + Slack);
        Assert.Empty(await SecretsAsync());
    }

    [Fact]
    public async Task TryCompleteAsync_AsManyAsCanBeTried_IsFullUntilOneGoes()
    {
        for (var i = 0; i < SourceSecretLimits.MaxSecrets; i++)
        {
            await OpenAsync($"topic-{i}");
            Assert.Equal(RegistrationResult.Completed, await CompleteAsync($"secret-{i}"));
        }

        await OpenAsync("one too many");
        Assert.Equal(RegistrationResult.Full, await CompleteAsync("late"));

        Assert.True(await Store.SourceSecrets.RemoveAsync(Source, null, "topic-0", default));
        Assert.False(await Store.SourceSecrets.RemoveAsync(Source, null, "topic-0", default));
        Assert.Equal(RegistrationResult.Completed, await CompleteAsync("late"));
        var secrets = await SecretsAsync();
        Assert.Equal(SourceSecretLimits.MaxSecrets, secrets.Count);
        Assert.DoesNotContain("secret-0", secrets);
        Assert.Contains("late", secrets);
    }

    [Fact]
    public async Task OpenAsync_Again_ReplacesTheOneThatIsPending()
    {
        await OpenAsync("https://hub.example/a", secret: "first");
        await OpenAsync("https://hub.example/a", secret: "second");

        await ConfirmAsync("https://hub.example/a");

        Assert.Equal(["second"], await SecretsAsync());
    }

    [Fact]
    public async Task EraseTenant_LearnedSecrets_AreForgotten()
    {
        await OpenAsync(tenantId: "acme");
        await CompleteAsync("first", tenantId: "acme");
        await OpenAsync();
        await CompleteAsync("second");

        await Store.Erasure.EraseEndpointsAsync("acme", default);

        Assert.Empty(await SecretsAsync("acme"));
        Assert.Equal(["second"], await SecretsAsync());
    }

    private Task OpenAsync(string topic = "", string? tenantId = null, string? secret = null, bool removes = false) =>
        Store.SourceSecrets.OpenAsync(
            new SourceRegistration(Source, tenantId, Pending) { Topic = topic, Secret = secret, Removes = removes }, default).AsTask();

    private Task<RegistrationResult> CompleteAsync(string secret, string? tenantId = null) =>
        Store.SourceSecrets.TryCompleteAsync(new RegistrationAnswer(Source, tenantId) { Secret = secret }, default).AsTask();

    private Task<RegistrationResult> ConfirmAsync(string topic, bool removes = false, TimeSpan? lease = null) =>
        Store.SourceSecrets.TryCompleteAsync(
            new RegistrationAnswer(Source, null) { Topic = topic, Removes = removes, Lease = lease }, default).AsTask();

    private async Task<IReadOnlyList<string>> SecretsAsync(string? tenantId = null) =>
        await Store.SourceSecrets.GetSecretsAsync(Source, tenantId, default);
}
