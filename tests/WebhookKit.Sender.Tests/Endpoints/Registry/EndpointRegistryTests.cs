using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Retry;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

public sealed class EndpointRegistryTests : IAsyncLifetime
{
    private readonly RegistryHarness _harness = new(
        sender => sender.AddEndpoint("declared", "https://declared.example/", endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Secrets.Add(WebhookSecret.Generate().Reveal());
        }),
        options => options.MaxEndpointsPerTenant = 3);

    private IWebhookEndpoints Registry => _harness.Registry;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task CreateAsync_Valid_KeepsTheNormalisedUrlAndRevealsTheSecretOnce()
    {
        var result = await Registry.CreateAsync(RegistryHarness.New("https://ONE.example:443/Hooks"));

        var endpoint = result.Endpoint!;
        Assert.Equal("https://one.example/Hooks", endpoint.Settings.Url);
        Assert.Equal(("acme", EndpointStatus.Enabled, 1), (endpoint.TenantId, endpoint.Status, endpoint.Version));
        Assert.Equal("key-1", Assert.Single(endpoint.Secrets).KeyId);
        Assert.True(WebhookSecret.TryParse(result.ReceiverSecret, out _));
        Assert.Equal([result.ReceiverSecret!], await _harness.FindVerifyingAsync(endpoint.Id, result.ReceiverSecret!));
        Assert.DoesNotContain(result.ReceiverSecret!, result.ToString(), StringComparison.Ordinal);
        Assert.Equivalent(endpoint, await Registry.FindAsync(endpoint.Id));
    }

    [Fact]
    public async Task Page_WhatItShows_Works()
    {
        var customer = new CustomerEndpoints(Registry);
        var created = await customer.CreateAsync();
        var id = created.Endpoint!.Id;

        var updated = await customer.UpdateAsync(id);
        var rotated = await customer.RotateAsync(id);

        Assert.Equal("https://other.example/hooks", updated.Endpoint?.Settings.Url);
        Assert.Equal(
            [updated.ReceiverSecret!, rotated.ReceiverSecret!],
            await _harness.FindVerifyingAsync(id, created.ReceiverSecret!, updated.ReceiverSecret!, rotated.ReceiverSecret!));
    }

    [Fact]
    public async Task CreateAsync_WithSigningKey_GivesTheReceiverTheVerificationKeyAlone()
    {
        var (endpoint, secret) = await _harness.CreateAsync(new NewEndpoint { Settings = RegistryHarness.New().Settings, UseSigningKey = true });

        Assert.StartsWith("whpk_", secret, StringComparison.Ordinal);
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
    }

    [Fact]
    public async Task CreateAsync_SecretAndHeaders_AreStoredProtected()
    {
        var secret = WebhookSecret.Generate().Reveal();
        var (endpoint, revealed) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Secret = secret,
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer t0k3n" },
        });

        Assert.Equal(secret, revealed);
        Assert.Equal(["Authorization"], endpoint.HeaderNames);
        Assert.All(await _harness.ReadStoredAsync(endpoint.Id), stored => Assert.StartsWith("whenc_key-1.", stored, StringComparison.Ordinal));
        Assert.Equal(new("Authorization", "Bearer t0k3n"), Assert.Single((await _harness.GetCredentialsAsync(endpoint.Id)).Headers));
        Assert.DoesNotContain(_harness.Log.Events, logged =>
            logged.Text.Contains(secret[6..], StringComparison.Ordinal) || logged.Text.Contains("t0k3n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreateAsync_EverythingWrong_NamesEachCureAndKeepsNothing()
    {
        var result = await Registry.CreateAsync(new NewEndpoint
        {
            TenantId = new string('t', 300),
            Settings = new EndpointSettings
            {
                Url = "http://10.0.0.1/?token=hidden",
                Description = new string('d', 1_001),
                Metadata = new Dictionary<string, string> { [""] = "x" },
                EventTypes = ["order*"],
                Filter = "{",
                Policy = new EndpointPolicy
                {
                    AttemptTimeout = TimeSpan.FromMinutes(1),
                    MaxInFlight = 17,
                    SignatureScheme = "unknown",
                    PayloadFormat = "unheard-of",
                    SignatureHeaderPrefix = "a b",
                    RetrySchedule = new RetrySchedule(Enumerable.Repeat(TimeSpan.Zero, 100)),
                },
            },
            Headers = new Dictionary<string, string> { ["Host"] = "hidden" },
            Secret = "whsec_hidden",
        });

        Assert.Equal(EndpointResultStatus.Invalid, result.Status);
        string[] expected =
        [
            "tenant id has 300", "must use https", "description is too long", "metadata is too long", "'order*' is not", "filter cannot be read",
            "has 101 attempts", "attempt timeout is 00:01:00", "at once are 17", "scheme 'unknown' is unknown",
            "format 'unheard-of' is unknown: add it by AddPayloadFormat", "prefix is 'a b'", "'Host' is set by HTTP",
        ];
        Assert.Equal(expected.Length, result.Errors.Count);
        Assert.All(expected.Zip(result.Errors), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.DoesNotContain(result.Errors, error => error.Contains("hidden", StringComparison.Ordinal));
        Assert.Empty((await Registry.ListAsync(new EndpointQuery { AllTenants = true })).Endpoints);
    }

    [Fact]
    public async Task CreateAsync_SecretNotOfTheScheme_IsRefusedWithoutQuotingIt()
    {
        var result = await Registry.CreateAsync(RegistryHarness.New(secret: "a-text-of-my-own-choosing"));

        Assert.Equal(EndpointResultStatus.Invalid, result.Status);
        Assert.StartsWith("The secret cannot be used. ", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("choosing", result.Errors[0], StringComparison.Ordinal);
        Assert.True((await Registry.CreateAsync(RegistryHarness.New(
            policy: new EndpointPolicy { SignatureScheme = "stripe" }, secret: "a-text-of-my-own-choosing"))).IsDone);
    }

    [Fact]
    public async Task CreateAsync_MoreThanATenantMayHave_NamesTheOption()
    {
        for (var i = 0; i < 3; i++)
        {
            await _harness.CreateAsync();
        }

        var result = await Registry.CreateAsync(RegistryHarness.New());

        Assert.Equal(EndpointResultStatus.LimitReached, result.Status);
        Assert.Contains("MaxEndpointsPerTenant", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_ByCursor_WalksAllPages()
    {
        var ids = new List<EndpointId>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await _harness.CreateAsync()).Endpoint.Id);
        }

        var first = await Registry.ListAsync(new EndpointQuery { TenantId = "acme", PageSize = 2 });
        var second = await Registry.ListAsync(new EndpointQuery { TenantId = "acme", PageSize = 2, Cursor = first.NextCursor });

        Assert.Equal(ids, first.Endpoints.Concat(second.Endpoints).Select(endpoint => endpoint.Id));
        Assert.Null(second.NextCursor);
        Assert.Null((await Registry.ListAsync(new EndpointQuery { TenantId = "acme", PageSize = 3 })).NextCursor);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Registry.ListAsync(new EndpointQuery { PageSize = 501 }));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Registry.ListAsync(new EndpointQuery { Cursor = "x" }));
    }

    [Fact]
    public async Task UpdateAsync_WhatWasRead_IsReplacedOnceAndThenRefused()
    {
        var (endpoint, secret) = await _harness.CreateAsync();
        var settings = endpoint.Settings with { Url = "https://one.example/other", Description = "new" };

        var updated = await Registry.UpdateAsync(endpoint.Id, endpoint.Version, settings);
        var again = await Registry.UpdateAsync(endpoint.Id, endpoint.Version, settings with { Description = "lost" });

        Assert.Equal((EndpointResultStatus.Done, 2, "new"), (updated.Status, updated.Endpoint?.Version, updated.Endpoint?.Settings.Description));
        Assert.Equal(EndpointResultStatus.Changed, again.Status);
        Assert.Equal("new", (await Registry.FindAsync(endpoint.Id))?.Settings.Description);
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
    }

    [Theory]
    [InlineData("https://two.example/hooks")]
    [InlineData("https://one.example.evil.example/hooks")]
    public async Task UpdateAsync_AnotherHostAndNothingSaid_IsRefused(string url)
    {
        var (endpoint, _) = await _harness.CreateAsync();

        var result = await Registry.UpdateAsync(endpoint.Id, endpoint.Version, endpoint.Settings with { Url = url });

        Assert.Equal(EndpointResultStatus.HostChanged, result.Status);
        Assert.Contains("HostChange.NewSecret", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.Equal(endpoint.Settings.Url, (await Registry.FindAsync(endpoint.Id))?.Settings.Url);
    }

    [Fact]
    public async Task UpdateAsync_AnotherPort_IsAnotherHost()
    {
        await using var harness = new RegistryHarness(sender => sender.Configure(options => options.AllowPorts(443, 8443)));
        var (endpoint, _) = await harness.CreateAsync();

        var result = await harness.Registry.UpdateAsync(
            endpoint.Id, endpoint.Version, endpoint.Settings with { Url = "https://one.example:8443/hooks" });

        Assert.Equal(EndpointResultStatus.HostChanged, result.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UpdateAsync_AnotherHostWithNewSecret_CarriesNothingOver(bool useSigningKey)
    {
        var (endpoint, old) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            UseSigningKey = useSigningKey,
            Headers = new Dictionary<string, string> { ["X-Key"] = "value" },
            Authorization = EndpointAuthorization.Bearer("token"),
        });
        await Registry.RotateSecretAsync(endpoint.Id, new SecretRotation { UseSigningKey = useSigningKey });

        var result = await Registry.UpdateAsync(
            endpoint.Id, endpoint.Version, endpoint.Settings with { Url = "https://two.example/" }, HostChange.NewSecret);

        Assert.True(result.IsDone);
        Assert.Empty(result.Endpoint!.HeaderNames);
        Assert.Equal(AuthorizationKind.None, result.Endpoint.Authorization);
        Assert.Single(result.Endpoint.Secrets);
        Assert.StartsWith(useSigningKey ? "whpk_" : "whsec_", result.ReceiverSecret, StringComparison.Ordinal);
        Assert.Equal([result.ReceiverSecret!], await _harness.FindVerifyingAsync(endpoint.Id, old, result.ReceiverSecret!));
        Assert.Empty((await _harness.GetCredentialsAsync(endpoint.Id)).Headers);
    }

    [Fact]
    public async Task UpdateAsync_AnotherHostOfTheSameReceiver_KeepsSecretsAndHeaders()
    {
        var (endpoint, secret) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Headers = new Dictionary<string, string> { ["X-Key"] = "value" },
            Authorization = EndpointAuthorization.Bearer("token"),
        });

        var result = await Registry.UpdateAsync(
            endpoint.Id, endpoint.Version, endpoint.Settings with { Url = "https://two.example/" }, HostChange.KeepSecrets);

        Assert.True(result.IsDone);
        Assert.Null(result.ReceiverSecret);
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
        Assert.Equal(["X-Key"], result.Endpoint!.HeaderNames);
        Assert.Equal(AuthorizationKind.Bearer, result.Endpoint.Authorization);
        Assert.Equal("Bearer token", (await _harness.GetCredentialsAsync(endpoint.Id)).Headers.Single(header => header.Key == "Authorization").Value);
    }

    [Fact]
    public async Task SetAuthorization_IsKeptAsSecretsAreUntilItIsTakenAway()
    {
        var (endpoint, secret) = await _harness.CreateAsync();
        var result = await Registry.SetAuthorizationAsync(endpoint.Id, endpoint.Version, EndpointAuthorization.Basic("user", "pass-word"));
        Assert.True(result.IsDone);
        Assert.Equal(AuthorizationKind.Basic, result.Endpoint!.Authorization);
        Assert.Equal((2, 2), (result.Endpoint.Version, result.Endpoint.SecretsVersion));
        Assert.All(await _harness.ReadStoredAsync(endpoint.Id), stored => Assert.StartsWith("whenc_", stored, StringComparison.Ordinal));
        Assert.Equal(EndpointResultStatus.Changed, (await Registry.SetAuthorizationAsync(endpoint.Id, endpoint.Version, null)).Status);

        // Neither headers nor a rotation take it along.
        Assert.True((await Registry.SetHeadersAsync(endpoint.Id, 2, new Dictionary<string, string> { ["X-Key"] = "value" })).IsDone);
        Assert.True((await Registry.RotateSecretAsync(endpoint.Id)).IsDone);
        Assert.Contains((await _harness.GetCredentialsAsync(endpoint.Id)).Headers, header => header.Key == "Authorization");

        var removed = await Registry.SetAuthorizationAsync(endpoint.Id, 3, null);
        Assert.Equal(AuthorizationKind.None, removed.Endpoint!.Authorization);
        Assert.Equal(new("X-Key", "value"), Assert.Single((await _harness.GetCredentialsAsync(endpoint.Id)).Headers));
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
    }

    [Fact]
    public async Task SetAuthorization_HeaderThatIsCustomToo_IsRefusedEitherWay()
    {
        var (endpoint, _) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Headers = new Dictionary<string, string> { ["x-key"] = "value" },
        });
        var refused = await Registry.SetAuthorizationAsync(endpoint.Id, endpoint.Version, EndpointAuthorization.ApiKey("X-Key", "key"));
        Assert.Contains("both a custom header and the authorization's", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.True((await Registry.SetAuthorizationAsync(endpoint.Id, endpoint.Version, EndpointAuthorization.Bearer("token"))).IsDone);

        refused = await Registry.SetHeadersAsync(endpoint.Id, 2, new Dictionary<string, string> { ["authorization"] = "Bearer mine" });

        Assert.Equal(EndpointResultStatus.Invalid, refused.Status);
        Assert.DoesNotContain("mine", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_AuthorizationThatCannotBeUsed_IsRefusedWithoutQuotingIt()
    {
        var result = await Registry.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Authorization = EndpointAuthorization.ClientCredentials("https://10.0.0.1/token", "client", "hunter2"),
        });

        Assert.Equal(EndpointResultStatus.Invalid, result.Status);
        Assert.DoesNotContain("hunter2", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateAsync_SchemeThatTheSecretDoesNotFit_IsRefused()
    {
        var (endpoint, _) = await _harness.CreateAsync(RegistryHarness.New(
            policy: new EndpointPolicy { SignatureScheme = "stripe" }, secret: "a-text-of-my-own-choosing"));

        var result = await Registry.UpdateAsync(endpoint.Id, endpoint.Version, endpoint.Settings with { Policy = EndpointPolicy.Default });

        Assert.Equal(EndpointResultStatus.Invalid, result.Status);
        Assert.Contains("secret 1 cannot sign by the scheme 'standard-webhooks'", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetHeadersAsync_NewOnes_ReplaceTheOld()
    {
        var (endpoint, secret) = await _harness.CreateAsync(new NewEndpoint
        {
            Settings = RegistryHarness.New().Settings,
            Headers = new Dictionary<string, string> { ["X-Old"] = "value" },
        });

        var result = await Registry.SetHeadersAsync(endpoint.Id, endpoint.Version, new Dictionary<string, string> { ["X-New"] = "1", ["X-Two"] = "2" });
        var refused = await Registry.SetHeadersAsync(endpoint.Id, result.Endpoint!.Version, new Dictionary<string, string> { ["webhook-id"] = "1" });

        Assert.Equal(2, result.Endpoint.Version);
        Assert.Equal(["X-New", "X-Two"], result.Endpoint.HeaderNames);
        Assert.Equal(
            [new("X-New", "1"), new("X-Two", "2")],
            (await _harness.GetCredentialsAsync(endpoint.Id)).Headers.OrderBy(header => header.Key, StringComparer.Ordinal));
        Assert.Equal(EndpointResultStatus.Invalid, refused.Status);
        Assert.Equal([secret], await _harness.FindVerifyingAsync(endpoint.Id, secret));
        Assert.Equal(
            EndpointResultStatus.Changed, (await Registry.SetHeadersAsync(endpoint.Id, 1, new Dictionary<string, string>())).Status);
    }

    [Fact]
    public async Task Status_EnableDisablePause_SayByUserAndLeaveTheVersion()
    {
        var (endpoint, _) = await _harness.CreateAsync(new NewEndpoint { Settings = RegistryHarness.New().Settings, IsPaused = true });
        Assert.Equal((EndpointStatus.Paused, EndpointStatusReason.ByUser), (endpoint.Status, endpoint.StatusReason));

        var enabled = await Registry.EnableAsync(endpoint.Id);
        var disabled = await Registry.DisableAsync(endpoint.Id);
        var paused = await Registry.PauseAsync(endpoint.Id);

        Assert.Equal(
            [EndpointStatus.Enabled, EndpointStatus.Disabled, EndpointStatus.Paused],
            new[] { enabled, disabled, paused }.Select(result => result.Endpoint!.Status));
        Assert.All([enabled, disabled, paused], result => Assert.Equal(
            (EndpointStatusReason.ByUser, 1), (result.Endpoint!.StatusReason, result.Endpoint.Version)));
    }

    [Fact]
    public async Task DeclaredEndpoint_IsNotEditedButItsStatusIs()
    {
        var id = EndpointId.Declared(null, "declared");
        await DeclareAsync();

        var endpoint = await Registry.FindAsync(id);
        Assert.NotNull(endpoint);
        var refused = new[]
        {
            await Registry.UpdateAsync(id, endpoint.Version, endpoint.Settings with { Description = "x" }),
            await Registry.SetHeadersAsync(id, endpoint.Version, new Dictionary<string, string>()),
            await Registry.RotateSecretAsync(id),
            await Registry.DeleteSecretAsync(id, 1),
            await Registry.DeleteAsync(id),
        };
        var paused = await Registry.PauseAsync(id);

        Assert.All(refused, result => Assert.Equal(EndpointResultStatus.Declared, result.Status));
        Assert.All(refused, result => Assert.Contains("'declared' is declared", result.Errors[0], StringComparison.Ordinal));
        Assert.Equal(EndpointStatus.Paused, paused.Endpoint?.Status);
    }

    [Fact]
    public async Task EnableAsync_NoLongerDeclared_AsksToDeclareItAgain()
    {
        var id = EndpointId.Declared(null, "declared");
        await DeclareAsync();
        await _harness.Endpoints.DeclareAsync([], 2, default);

        Assert.Equal(EndpointResultStatus.Declared, (await Registry.EnableAsync(id)).Status);
        Assert.Equal(EndpointStatusReason.NotDeclared, (await Registry.FindAsync(id))?.StatusReason);
    }

    [Fact]
    public async Task DeleteAsync_PendingDeliveries_AreCanceled()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        var outbox = _harness.Services.GetRequiredService<IOutboxStore>();
        var ids = new Identifiers.IdGenerator(TimeProvider.System);
        var messages = Enumerable.Range(0, 1_001).Select(_ => new WebhookMessage
        {
            Id = ids.NewMessageId(),
            TenantId = "acme",
            EventType = "order.paid",
            Payload = "{}"u8.ToArray(),
            OccurredAt = DateTimeOffset.UnixEpoch,
        }).ToArray();
        await outbox.AppendAsync(messages, default);
        await outbox.FanOutPendingAsync(
            2_000,
            (taken, _) => [.. taken.Select(message => new NewDelivery { Id = ids.NewDeliveryId(), MessageId = message.Id, EndpointId = endpoint.Id })],
            default);

        var deleted = await Registry.DeleteAsync(endpoint.Id);

        Assert.True(deleted.IsDone);
        Assert.Null(await Registry.FindAsync(endpoint.Id));
        var deliveries = _harness.Services.GetRequiredService<IDeliveryStore>();
        foreach (var message in messages)
        {
            var delivery = Assert.Single(await deliveries.GetByMessageAsync(message.Id, default));
            Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted), (delivery.Status, delivery.Reason));
        }

        foreach (var gone in new[] { await Registry.DeleteAsync(endpoint.Id), await Registry.EnableAsync(endpoint.Id), await Registry.RotateSecretAsync(endpoint.Id) })
        {
            Assert.Equal(EndpointResultStatus.NotFound, gone.Status);
        }
    }

    [Fact]
    public async Task ErasedTenant_EndpointIsNotEditedOrEnabled()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        await _harness.Services.GetRequiredService<IWebhookErasure>().EraseTenantAsync("acme");

        var erased = await Registry.FindAsync(endpoint.Id);

        Assert.NotNull(erased);
        Assert.Empty(erased.Secrets);
        Assert.Equal(EndpointResultStatus.Invalid, (await Registry.EnableAsync(endpoint.Id)).Status);
        Assert.Equal(EndpointResultStatus.Invalid, (await Registry.UpdateAsync(endpoint.Id, erased.Version, endpoint.Settings)).Status);
        Assert.True((await Registry.DeleteAsync(endpoint.Id)).IsDone);
    }

    private ValueTask DeclareAsync() => _harness.Endpoints.DeclareAsync(
        _harness.Services.GetRequiredService<DeclaredEndpoints>().All, 1, default);
}
