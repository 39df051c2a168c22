using WebhookKit.Endpoints;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

public sealed class StoredCredentialsTests : IAsyncLifetime
{
    private const string Read = nameof(IEndpointRegistryStore.GetSecretsAsync);

    private readonly RegistryHarness _harness = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task GetAsync_NothingChanged_AsksTheStoreOnce()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        var before = _harness.Counts.Calls(Read);

        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull((await _harness.GetCredentialsAsync(endpoint.Id)).Signer);
        }

        Assert.Equal(1, _harness.Counts.Calls(Read) - before);
    }

    [Fact]
    public async Task GetAsync_ManyEndpointsAtOnce_AreReadTogether()
    {
        var created = new List<RegisteredEndpoint>();
        for (var i = 0; i < 90; i++)
        {
            created.Add((await _harness.CreateAsync()).Endpoint);
        }

        var endpoints = await _harness.Endpoints.GetAsync([.. created.Select(endpoint => endpoint.Id)], default);
        var before = _harness.Counts.Calls(Read);
        var isFirst = 1;
        using var allAsked = new ManualResetEventSlim();
        _harness.Counts.Before = method =>
        {
            if (method == Read && Interlocked.Exchange(ref isFirst, 0) == 1)
            {
                Assert.True(allAsked.Wait(TimeSpan.FromSeconds(30)));
            }
        };

        var asking = endpoints.Select(endpoint => _harness.Credentials.GetAsync(endpoint, default).AsTask()).ToArray();
        allAsked.Set();
        var credentials = await Task.WhenAll(asking);

        Assert.All(credentials, found => Assert.NotNull(found.Signer));
        Assert.InRange(_harness.Counts.Calls(Read) - before, 1, 2);
    }

    [Fact]
    public async Task GetAsync_StoreFails_SaysSoAndAsksAgain()
    {
        var (endpoint, secret) = await _harness.CreateAsync();
        var read = Assert.Single(await _harness.Endpoints.GetAsync([endpoint.Id], default));
        _harness.Counts.Before = method => _ = method == Read ? throw new IOException("the connection broke") : 0;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _harness.Credentials.GetAsync(read, default));
        Assert.IsType<IOException>(error.InnerException);

        _harness.Counts.Before = _ => { };
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
    }

    [Fact]
    public async Task GetAsync_KeyLost_NamesTheKeyAndNeverSignsUntilItIsBack()
    {
        var (endpoint, secret) = await _harness.CreateAsync();
        _harness.Ring.AddKey("key-2");
        _harness.Ring.Lose("key-1");

        var lost = await _harness.GetCredentialsAsync(endpoint.Id);
        Assert.Null(lost.Signer);
        Assert.Empty(lost.Headers);
        Assert.Contains("The key key-1 that protects the stored secret is missing", lost.Error, StringComparison.Ordinal);
        Assert.Equal(1, _harness.Log.Count("CredentialsUnreadable"));

        _harness.Ring.AddKey("key-1");
        Assert.Null((await _harness.GetCredentialsAsync(endpoint.Id)).Signer);
        _harness.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
    }

    [Fact]
    public async Task GetAsync_OneOfTwoUnreadable_DoesNotSignWithTheOther()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        _harness.Ring.AddKey("key-2");
        await _harness.Registry.RotateSecretAsync(endpoint.Id);
        _harness.Ring.Revoke("key-1");

        var credentials = await _harness.GetCredentialsAsync(endpoint.Id);

        Assert.Null(credentials.Signer);
        Assert.Contains("key-1 that protects the stored secret was revoked", credentials.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_SecretMovedFromAnotherEndpointOrChanged_IsNoKey()
    {
        var (one, _) = await _harness.CreateAsync();
        var (other, _) = await _harness.CreateAsync();
        var stolen = Assert.Single(Assert.Single(await _harness.Store.GetSecretsAsync([one.Id], default)).Secrets);
        foreach (var value in new[] { stolen.Value, "whenc_key-1.", "whenc_key-1.AAAA", "" })
        {
            var version = (await _harness.Store.FindAsync(other.Id, default))!.SecretsVersion;
            await _harness.Store.UpdateAsync(
                new EndpointChange { Id = other.Id, Secrets = [stolen with { Value = value }], SecretsVersion = version, At = default }, default);

            var credentials = await _harness.GetCredentialsAsync(other.Id);

            Assert.Null(credentials.Signer);
            Assert.NotNull(credentials.Error);
        }
    }

    [Fact]
    public async Task GetAsync_HeaderPutInPlaceOfTheSecret_IsNoKey()
    {
        var secret = WebhookSecret.Generate().Reveal();
        var (endpoint, _) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Headers = new Dictionary<string, string> { ["X-Key"] = secret },
        });
        var header = Assert.Single(await _harness.Store.GetSecretsAsync([endpoint.Id], default)).Secrets
            .Single(stored => stored.Purpose == StoredSecretPurpose.Header);
        await _harness.Store.UpdateAsync(
            new EndpointChange
            {
                Id = endpoint.Id,
                Secrets = [header with { Purpose = StoredSecretPurpose.Signing }],
                SecretsVersion = 1,
                At = default,
            },
            default);

        Assert.Null((await _harness.GetCredentialsAsync(endpoint.Id)).Signer);
    }

    [Fact]
    public async Task GetAsync_AttemptPreparedForTheHostBefore_GetsNothingOfTheNewHosts()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        var prepared = Assert.Single(await _harness.Endpoints.GetAsync([endpoint.Id], default));
        await _harness.Registry.UpdateAsync(
            endpoint.Id, endpoint.Version, endpoint.Settings with { Url = "https://two.example/" }, HostChange.NewSecret);

        foreach (var knowsTheNewOne in new[] { false, true })
        {
            if (knowsTheNewOne)
            {
                Assert.NotNull((await _harness.GetCredentialsAsync(endpoint.Id)).Signer);
            }

            var credentials = await _harness.Credentials.GetAsync(prepared, default);
            Assert.Null(credentials.Signer);
            Assert.Contains("URL has just been changed", credentials.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GetAsync_AttemptPreparedBeforeARotation_SignsAllTheSame()
    {
        var (endpoint, secret) = await _harness.CreateAsync();
        var prepared = Assert.Single(await _harness.Endpoints.GetAsync([endpoint.Id], default));
        await _harness.Registry.RotateSecretAsync(endpoint.Id);
        await _harness.Registry.UpdateAsync(endpoint.Id, 1, endpoint.Settings with { Url = "https://one.example/other" });

        Assert.NotNull((await _harness.Credentials.GetAsync(prepared, default)).Signer);
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
        Assert.NotNull((await _harness.Credentials.GetAsync(prepared, default)).Signer);
    }

    [Fact]
    public async Task GetAsync_EndpointDeleted_SaysSo()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        var prepared = Assert.Single(await _harness.Endpoints.GetAsync([endpoint.Id], default));
        await _harness.Registry.DeleteAsync(endpoint.Id);

        Assert.Contains("deleted", (await _harness.Credentials.GetAsync(prepared, default)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_PolicyChanged_SignsByTheNewScheme()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        Assert.Contains("webhook-signature", await NamesAsync(), StringComparer.OrdinalIgnoreCase);
        await _harness.Registry.UpdateAsync(
            endpoint.Id, 1, endpoint.Settings with { Policy = new EndpointPolicy { SignatureScheme = "svix", SignatureHeaderPrefix = "acme" } });

        Assert.Contains("acme-signature", await NamesAsync(), StringComparer.OrdinalIgnoreCase);

        async Task<IEnumerable<string>> NamesAsync()
        {
            var signer = (await _harness.GetCredentialsAsync(endpoint.Id)).Signer!;
            return (await signer.SignAsync(new("msg_1", _harness.Clock.GetUtcNow(), "{}"u8.ToArray()), default)).Select(header => header.Key);
        }
    }
}
