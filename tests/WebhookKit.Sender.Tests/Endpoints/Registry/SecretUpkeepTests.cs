using WebhookKit.Endpoints;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

public sealed class SecretUpkeepTests : IAsyncLifetime
{
    private readonly RegistryHarness _harness = new(configure: options => options.MaxEndpointsPerTenant = 1_000);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task RunAsync_NewKey_ProtectsEverythingAnewSoThatTheOldKeyMayGo()
    {
        var (endpoint, old) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Headers = new Dictionary<string, string> { ["X-Key"] = "value" },
            Authorization = EndpointAuthorization.Bearer("token"),
        });
        var added = (await _harness.Registry.RotateSecretAsync(endpoint.Id)).ReceiverSecret!;
        _harness.Ring.AddKey("key-2");

        Assert.Equal(1, await _harness.Upkeep.RunAsync(default));
        Assert.Equal(0, await _harness.Upkeep.RunAsync(default));

        _harness.Ring.Lose("key-1");
        Assert.All(await _harness.ReadStoredAsync(endpoint.Id), stored => Assert.StartsWith("whenc_key-2.", stored, StringComparison.Ordinal));
        Assert.Equal("key-2", (await _harness.Store.FindCanaryAsync(default))?.KeyId);
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));
        Assert.Equal(
            [new("X-Key", "value"), new("Authorization", "Bearer token")], (await _harness.GetCredentialsAsync(endpoint.Id)).Headers);
        Assert.Equal(2, (await _harness.Registry.FindAsync(endpoint.Id))!.Secrets.Count(secret => secret.KeyId == "key-2"));
        Assert.Equal(1, (await _harness.Registry.FindAsync(endpoint.Id))!.Version);
    }

    [Fact]
    public async Task RunAsync_Interrupted_GoesOnWhereItWas()
    {
        for (var i = 0; i < 250; i++)
        {
            await _harness.CreateAsync();
        }

        _harness.Ring.AddKey("key-2");
        _harness.Counts.Before = method =>
            _ = method == nameof(IEndpointRegistryStore.UpdateAsync) && _harness.Counts.Calls(method) == 120 ? throw new IOException("killed") : 0;
        await Assert.ThrowsAsync<IOException>(async () => await _harness.Upkeep.RunAsync(default));
        _harness.Counts.Before = _ => { };

        Assert.Equal(250 - 119, await _harness.Upkeep.RunAsync(default));
        Assert.Empty(await _harness.Store.FindOutdatedSecretsAsync("key-2", _harness.Clock.GetUtcNow(), default, 10, default));
    }

    [Fact]
    public async Task RunAsync_ARotationIsFaster_LosesNothing()
    {
        var (endpoint, old) = await _harness.CreateAsync();
        _harness.Ring.AddKey("key-2");
        var added = "";
        var isFirst = true;
        _harness.Counts.Before = method =>
        {
            if (method == nameof(IEndpointRegistryStore.UpdateAsync) && isFirst)
            {
                isFirst = false;
                added = _harness.Registry.RotateSecretAsync(endpoint.Id).AsTask().GetAwaiter().GetResult().ReceiverSecret!;
            }
        };

        Assert.Equal(0, await _harness.Upkeep.RunAsync(default));
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));
        Assert.Equal(1, await _harness.Upkeep.RunAsync(default));
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));
    }

    [Fact]
    public async Task RunAsync_ExpiredSecret_IsDeleted()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        await _harness.Registry.RotateSecretAsync(endpoint.Id);
        _harness.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, await _harness.Upkeep.RunAsync(default));
        _harness.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await _harness.Upkeep.RunAsync(default));

        Assert.Equal(2, Assert.Single((await _harness.Registry.FindAsync(endpoint.Id))!.Secrets).Number);
    }

    [Fact]
    public async Task RunAsync_KeyRingLost_SaysSoOnceChangesNothingAndTakesNoNewSecret()
    {
        var (endpoint, secret) = await _harness.CreateAsync();
        await _harness.Upkeep.RunAsync(default);
        var stored = await _harness.ReadStoredAsync(endpoint.Id);
        _harness.Ring.AddKey("another-ring");
        _harness.Ring.Lose("key-1");

        Assert.Equal(0, await _harness.Upkeep.RunAsync(default));
        Assert.Equal(0, await _harness.Upkeep.RunAsync(default));
        var created = await _harness.Registry.CreateAsync(RegistryHarness.New());
        var rotated = await _harness.Registry.RotateSecretAsync(endpoint.Id);

        Assert.Equal(1, _harness.Log.Count("SecretsUnreadable"));
        Assert.Equal((EndpointResultStatus.SecretsUnreadable, EndpointResultStatus.SecretsUnreadable), (created.Status, rotated.Status));
        Assert.Contains("The key key-1", Assert.Single(created.Errors), StringComparison.Ordinal);
        Assert.Equal(stored, await _harness.ReadStoredAsync(endpoint.Id));

        _harness.Ring.AddKey("key-1");
        Assert.True((await _harness.Registry.RotateSecretAsync(endpoint.Id)).IsDone);
        Assert.Equal(1, _harness.Log.Count("SecretsReadableAgain"));
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
    }

    [Fact]
    public async Task RunAsync_PlainTextBefore_ProtectsIt()
    {
        await using var plain = new RegistryHarness(protects: false);
        var (endpoint, secret) = await plain.CreateAsync();
        Assert.Equal([secret], await plain.ReadStoredAsync(endpoint.Id));
        var (other, _) = await _harness.CreateAsync();
        var text = Assert.Single(Assert.Single(await plain.Store.GetSecretsAsync([endpoint.Id], default)).Secrets);
        await _harness.Store.UpdateAsync(
            new EndpointChange { Id = other.Id, Secrets = [text], SecretsVersion = 1, At = default }, default);

        Assert.Equal([secret], await _harness.FindVerifyingAsync(other.Id, secret));
        Assert.Equal(1, await _harness.Upkeep.RunAsync(default));

        Assert.StartsWith("whenc_key-1.", Assert.Single(await _harness.ReadStoredAsync(other.Id)), StringComparison.Ordinal);
        Assert.Equal([secret], await _harness.FindVerifyingAsync(other.Id, secret));
    }
}
