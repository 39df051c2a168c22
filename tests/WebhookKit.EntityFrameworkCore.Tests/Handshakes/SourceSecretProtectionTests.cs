using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Handshakes;
using WebhookKit.EntityFrameworkCore.Tests.Conformance;
using WebhookKit.Handshakes;

namespace WebhookKit.EntityFrameworkCore.Tests.Handshakes;

/// <summary>A learned secret is readable in no column, and nowhere without a protector.</summary>
public sealed class SourceSecretProtectionTests
{
    private const string Secret = "b537207f20cbfa02357cf448134da559";

    [Fact]
    public async Task TryComplete_EveryTable_HoldsNothingReadable()
    {
        await using var store = (SqliteHarness)await SqliteHarness.CreateAsync();
        await store.SourceSecrets.OpenAsync(new SourceRegistration("asana", "acme", TimeSpan.FromHours(1)), default);
        await store.SourceSecrets.OpenAsync(
            new SourceRegistration("hub", null, TimeSpan.FromHours(1)) { Topic = "https://hub.example/a", Secret = Secret }, default);

        await store.SourceSecrets.TryCompleteAsync(new RegistrationAnswer("asana", "acme") { Secret = Secret }, default);

        Assert.Equal([Secret], await store.SourceSecrets.GetSecretsAsync("asana", "acme", default));
        var cells = await store.ReadTablesAsync();
        Assert.Equal(2, cells.Count(cell => cell.Column == "webhook_source_secrets.secret" && cell.Value is string));
        Assert.DoesNotContain(cells, cell => cell.Value.ToString()!.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetSecrets_RowMovedToAnotherTenant_IsAnErrorAndNoSecret()
    {
        await using var store = (SqliteHarness)await SqliteHarness.CreateAsync();
        await store.SourceSecrets.OpenAsync(new SourceRegistration("asana", "acme", TimeSpan.FromHours(1)), default);
        await store.SourceSecrets.TryCompleteAsync(new RegistrationAnswer("asana", "acme") { Secret = Secret }, default);
        await using (var scope = store.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<EntityFrameworkHarness.StoreContext>().Set<SourceSecretEntity>()
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.TenantId, "globex"));
        }

        var exception = await Assert.ThrowsAsync<WebhookException>(
            () => store.SourceSecrets.GetSecretsAsync("asana", "globex", default).AsTask());

        Assert.Contains("NotTheOwners", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Protect_WithoutAProtector_NamesTheCure()
    {
        var exception = Assert.Throws<WebhookConfigurationException>(() => new SourceSecretProtection().Protect(Secret, "asana", null));

        Assert.Contains("UseDataProtection", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }
}
