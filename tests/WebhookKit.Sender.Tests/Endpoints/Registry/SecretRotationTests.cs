using WebhookKit.Endpoints;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

public sealed class SecretRotationTests : IAsyncLifetime
{
    private readonly RegistryHarness _harness = new();

    private IWebhookEndpoints Registry => _harness.Registry;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task RotateSecretAsync_DuringTheOverlap_BothSignAndThenTheNewOneAlone()
    {
        var (endpoint, old) = await _harness.CreateAsync();

        var rotated = await Registry.RotateSecretAsync(endpoint.Id);

        var added = rotated.ReceiverSecret!;
        Assert.NotEqual(old, added);
        Assert.Equal([_harness.Clock.GetUtcNow().AddHours(24), null], rotated.Endpoint!.Secrets.Select(secret => secret.ExpiresAt));
        Assert.Equal(1, rotated.Endpoint.Version);
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));

        _harness.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));

        _harness.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));
    }

    [Fact]
    public async Task RotateSecretAsync_ToASigningKey_BothSign()
    {
        var (endpoint, old) = await _harness.CreateAsync();

        var added = (await Registry.RotateSecretAsync(endpoint.Id, new SecretRotation { UseSigningKey = true })).ReceiverSecret!;

        Assert.StartsWith("whpk_", added, StringComparison.Ordinal);
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));
    }

    [Fact]
    public async Task RotateSecretAsync_WithoutOverlap_TheOldOneIsGoneAtOnce()
    {
        var (endpoint, old) = await _harness.CreateAsync();

        var rotated = await Registry.RotateSecretAsync(endpoint.Id, new SecretRotation { Overlap = TimeSpan.Zero });

        Assert.Equal(2, Assert.Single(rotated.Endpoint!.Secrets).Number);
        Assert.Equal([rotated.ReceiverSecret!], await _harness.FindVerifyingAsync(endpoint.Id, old, rotated.ReceiverSecret!));
        Assert.Single(await _harness.ReadStoredAsync(endpoint.Id));
    }

    [Fact]
    public async Task RotateSecretAsync_MoreThanTenLive_IsRefusedUntilOneGoes()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        for (var i = 0; i < 9; i++)
        {
            Assert.True((await Registry.RotateSecretAsync(endpoint.Id)).IsDone);
        }

        var refused = await Registry.RotateSecretAsync(endpoint.Id);
        Assert.Equal(EndpointResultStatus.LimitReached, refused.Status);
        Assert.Contains("at most 10 secrets", Assert.Single(refused.Errors), StringComparison.Ordinal);

        Assert.True((await Registry.DeleteSecretAsync(endpoint.Id, 1)).IsDone);
        var done = await Registry.RotateSecretAsync(endpoint.Id);
        Assert.Equal(Enumerable.Range(2, 10), done.Endpoint!.Secrets.Select(secret => secret.Number).Order().Select((number, i) => i == 9 ? 11 : number));
    }

    [Fact]
    public async Task RotateSecretAsync_SchemeWithOneSignature_AsksForAnOverlapOfZero()
    {
        var (endpoint, _) = await _harness.CreateAsync(RegistryHarness.New(policy: new EndpointPolicy { SignatureScheme = "hub" }));

        var refused = await Registry.RotateSecretAsync(endpoint.Id);
        var done = await Registry.RotateSecretAsync(endpoint.Id, new SecretRotation { Overlap = TimeSpan.Zero });

        Assert.Equal(EndpointResultStatus.LimitReached, refused.Status);
        Assert.Contains("overlap of zero", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.True(done.IsDone);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(31 * 24)]
    public async Task RotateSecretAsync_OverlapOutOfBounds_IsRefused(int hours)
    {
        var (endpoint, _) = await _harness.CreateAsync();

        var result = await Registry.RotateSecretAsync(endpoint.Id, new SecretRotation { Overlap = TimeSpan.FromHours(hours) });

        Assert.Equal(EndpointResultStatus.Invalid, result.Status);
    }

    [Fact]
    public async Task RotateSecretAsync_FromManyTasks_LosesNone()
    {
        var (endpoint, first) = await _harness.CreateAsync();

        var rotated = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await Registry.RotateSecretAsync(endpoint.Id))));

        string[] secrets = [first, .. rotated.Select(result => result.ReceiverSecret!)];
        Assert.All(rotated, result => Assert.True(result.IsDone));
        Assert.Equal(secrets.Order(), (await _harness.FindVerifyingAsync(endpoint.Id, secrets)).Order());
        Assert.Equal(7, (await Registry.FindAsync(endpoint.Id))!.Secrets.Select(secret => secret.Number).Distinct().Count());
    }

    [Fact]
    public async Task DeleteSecretAsync_TheNewestOrAnUnknownOne_IsRefused()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        await Registry.RotateSecretAsync(endpoint.Id);

        Assert.Equal(EndpointResultStatus.Invalid, (await Registry.DeleteSecretAsync(endpoint.Id, 2)).Status);
        Assert.Equal(EndpointResultStatus.Invalid, (await Registry.DeleteSecretAsync(endpoint.Id, 3)).Status);
        Assert.True((await Registry.DeleteSecretAsync(endpoint.Id, 1)).IsDone);
    }
}
