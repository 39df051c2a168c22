using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Retry;
using WebhookKit.Secrets;

namespace WebhookKit.StoreConformance.Endpoints;

/// <summary>What every store of the registry promises.</summary>
public abstract class EndpointRegistryStoreSuite : StoreSuite
{
    private const int Many = 1_000;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task AddAsync_NewEndpoint_ReadsBackEveryField()
    {
        var endpoint = NewRegistered("acme") with
        {
            Settings = new EndpointSettings
            {
                Url = "https://warehouse.example:8443/hooks/%C3%BC?key=value",
                Description = "Für das Lager",
                Metadata = new Dictionary<string, string> { ["plan"] = "größer", ["owner"] = "" },
                EventTypes = ["order.*", "invoice.paid"],
                Filter = """{"data":{"a":1}}""",
                IsOrdered = true,
                SkipFailingHead = true,
                Policy = new EndpointPolicy { MaxInFlight = 3, Rate = EndpointRate.PerMinute(7), SignatureScheme = "stripe" },
            },
            Rate = EndpointRate.PerMinute(7),
            Status = EndpointStatus.Paused,
            StatusReason = EndpointStatusReason.ByUser,
        };

        Assert.True(await Store.Registry.AddAsync(endpoint, [NewSecret(1)], Many, default));

        AssertSame(endpoint, await Store.Registry.FindAsync(endpoint.Id, default));
    }

    [Fact]
    public async Task AddAsync_NewEndpoint_TakesPartInDispatch()
    {
        var policy = new EndpointPolicy { RetrySchedule = new RetrySchedule([TimeSpan.FromSeconds(1)]), AttemptTimeout = TimeSpan.FromSeconds(2) };
        var endpoint = await AddAsync("acme", policy: policy);

        var found = Assert.Single(await Store.Endpoints.GetByTenantsAsync(["acme"], default));

        Assert.Equal((endpoint.Id, "acme", null, 1, 1), (found.Id, found.TenantId, found.Name, found.Version, found.SecretsVersion));
        Assert.Equal((endpoint.Settings.Url, EndpointStatus.Enabled), (found.Url, found.Status));
        Assert.Equal(endpoint.Settings.EventTypes, found.EventTypes);
        Assert.Equal(policy.RetrySchedule.Delays, found.Policy?.RetrySchedule?.Delays);
        Assert.Equal(policy.AttemptTimeout, found.Policy?.AttemptTimeout);
        Assert.Equal(found.Id, Assert.Single(await Store.Endpoints.GetAsync([endpoint.Id], default)).Id);
    }

    [Fact]
    public async Task AddAsync_Authorization_IsReadBackBesideSecretsAndHeaders()
    {
        var authorization = NewSecret(1) with { Purpose = StoredSecretPurpose.Authorization, Name = "Bearer", Value = "{}" };
        var endpoint = NewRegistered("acme");

        Assert.True(await Store.Registry.AddAsync(endpoint, [authorization, NewHeader(1, "X-Key"), NewSecret(1)], Many, default));

        Assert.Equal(
            [NewSecret(1), NewHeader(1, "X-Key"), authorization],
            Assert.Single(await Store.Registry.GetSecretsAsync([endpoint.Id], default)).Secrets);
        Assert.Equal([endpoint.Id], await Store.Registry.FindOutdatedSecretsAsync("key-2", Now, default, 10, default));
    }

    [Fact]
    public async Task UpdateAsync_SettingsWithARate_IsTheRateThatDispatchFinds()
    {
        var endpoint = await AddAsync("acme");
        foreach (var rate in new EndpointRate?[] { EndpointRate.PerSecond(5), EndpointRate.PerMinute(9), null })
        {
            var version = (await Store.Registry.FindAsync(endpoint.Id, default))!.Version;
            var change = new EndpointChange { Id = endpoint.Id, Version = version, Settings = endpoint.Settings, Rate = rate, At = Now };
            Assert.True(await Store.Registry.UpdateAsync(change, default));

            Assert.Equal(rate, Assert.Single(await Store.Endpoints.GetAsync([endpoint.Id], default)).Rate);
            Assert.Equal(rate, (await Store.Registry.FindAsync(endpoint.Id, default))!.Rate);
        }
    }

    [Fact]
    public async Task UpdateAsync_SecretsAlone_KeepsTheRate()
    {
        var endpoint = NewRegistered("acme") with { Rate = EndpointRate.PerSecond(5) };
        Assert.True(await Store.Registry.AddAsync(endpoint, [NewSecret(1)], Many, default));

        Assert.True(await Store.Registry.UpdateAsync(
            new EndpointChange { Id = endpoint.Id, Secrets = [NewSecret(2)], SecretsVersion = endpoint.SecretsVersion, At = Now }, default));

        Assert.Equal(EndpointRate.PerSecond(5), (await Store.Registry.FindAsync(endpoint.Id, default))!.Rate);
    }

    [Fact]
    public async Task AddAsync_NoPolicy_DispatchFindsNone()
    {
        await AddAsync("acme");

        Assert.Null(Assert.Single(await Store.Endpoints.GetByTenantsAsync(["acme"], default)).Policy);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("acme")]
    public async Task AddAsync_TenantHasAsManyAsItMay_AddsNothing(string? tenant)
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("declared", tenant)], 1, default);
        await AddAsync(tenant);
        await AddAsync(tenant);
        await AddAsync("another");
        var third = NewRegistered(tenant);

        Assert.False(await Store.Registry.AddAsync(third, [NewSecret(1)], maxOfTenant: 2, default));
        Assert.Null(await Store.Registry.FindAsync(third.Id, default));
        Assert.Empty(await Store.Registry.GetSecretsAsync([third.Id], default));

        Assert.True(await Store.Registry.AddAsync(third, [NewSecret(1)], maxOfTenant: 3, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("acme")]
    public async Task AddAsync_FirstEndpointsFromManyTasks_NeverExceedsTheLimit(string? tenant)
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            await Store.Registry.AddAsync(NewRegistered(tenant), [NewSecret(1)], maxOfTenant: 3, default))));

        Assert.Equal(3, added.Count(isAdded => isAdded));
        Assert.Equal(3, (await ListAsync(new EndpointQuery { TenantId = tenant })).Count);
    }

    [Fact]
    public async Task DeclareAsync_EndpointOfTheRegistry_IsLeftAlone()
    {
        var endpoint = await AddAsync(null);

        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);
        await Store.Endpoints.DeclareAsync([], 2, default);

        AssertSame(endpoint, await Store.Registry.FindAsync(endpoint.Id, default));
    }

    [Fact]
    public async Task FindAsync_DeclaredEndpoint_ShowsItsSettings()
    {
        var declared = NewEndpoint("warehouse", "acme") with { Filter = """{"a":1}""", IsOrdered = true };
        await Store.Endpoints.DeclareAsync([declared], 1, default);

        var found = await Store.Registry.FindAsync(declared.Id, default);

        Assert.NotNull(found);
        Assert.True(found.IsDeclared);
        Assert.Equal(("acme", "warehouse", 0), (found.TenantId, found.Name, found.Version));
        Assert.Equal((declared.Url, declared.Filter, true), (found.Settings.Url, found.Settings.Filter, found.Settings.IsOrdered));
        Assert.Equal(declared.EventTypes, found.Settings.EventTypes);
        Assert.Equal(EndpointPolicy.Default, found.Settings.Policy);
    }

    [Fact]
    public async Task FindAsync_Unknown_GivesNull() => Assert.Null(await Store.Registry.FindAsync(Ids.NewEndpointId(), default));

    [Fact]
    public async Task ListAsync_PageByPage_GivesEachOnceInOrder()
    {
        var ids = new List<EndpointId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await AddAsync("acme")).Id);
        }

        await AddAsync("globex");
        await AddAsync(null);
        var query = new EndpointQuery { TenantId = "acme" };

        var first = await Store.Registry.ListAsync(query, null, 2, default);
        var second = await Store.Registry.ListAsync(query, first[^1].Id, 2, default);
        var last = await Store.Registry.ListAsync(query, second[^1].Id, 2, default);

        Assert.Equal(ids, first.Concat(second).Concat(last).Select(endpoint => endpoint.Id));
        Assert.Single(last);
        Assert.Single(await ListAsync(new EndpointQuery()));
        Assert.Equal(7, (await ListAsync(new EndpointQuery { AllTenants = true })).Count);
        Assert.Empty(await ListAsync(new EndpointQuery { TenantId = "Acme" }));
    }

    [Fact]
    public async Task ListAsync_WithStatus_GivesTheOthersNot()
    {
        var paused = await AddAsync("acme");
        await AddAsync("acme");
        await Store.Endpoints.SetStatusAsync(paused.Id, EndpointStatus.Paused, EndpointStatusReason.ByUser, default);

        var found = Assert.Single(await ListAsync(new EndpointQuery { TenantId = "acme", Status = EndpointStatus.Paused }));

        Assert.Equal((paused.Id, EndpointStatusReason.ByUser), (found.Id, found.StatusReason));
    }

    [Fact]
    public async Task UpdateAsync_SameVersion_ReplacesTheSettings()
    {
        var endpoint = await AddAsync("acme");
        var settings = new EndpointSettings
        {
            Url = "https://new.example/",
            Description = "new",
            Metadata = new Dictionary<string, string> { ["a"] = "b" },
            EventTypes = ["invoice.paid"],
            Filter = """{"a":1}""",
            IsOrdered = true,
            SkipFailingHead = true,
            Policy = new EndpointPolicy { MaxInFlight = 1 },
        };

        Assert.True(await Store.Registry.UpdateAsync(
            new EndpointChange { Id = endpoint.Id, Version = 1, Settings = settings, At = Now.AddHours(1) }, default));

        AssertSame(
            endpoint with { Settings = settings, Version = 2, UpdatedAt = Now.AddHours(1) },
            await Store.Registry.FindAsync(endpoint.Id, default));
        Assert.Equal("https://new.example/", Assert.Single(await Store.Endpoints.GetAsync([endpoint.Id], default)).Url);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task UpdateAsync_AnotherVersion_ChangesNothing(long version)
    {
        var endpoint = await AddAsync("acme");

        Assert.False(await Store.Registry.UpdateAsync(
            new EndpointChange
            {
                Id = endpoint.Id,
                Version = version,
                Settings = endpoint.Settings with { Url = "https://new.example/" },
                Secrets = [NewSecret(2)],
                SecretsVersion = 1,
                At = Now,
            },
            default));

        AssertSame(endpoint, await Store.Registry.FindAsync(endpoint.Id, default));
        Assert.Equal(1, Assert.Single(await ReadSecretsAsync(endpoint.Id)));
    }

    [Fact]
    public async Task UpdateAsync_FromManyTasks_OneIsMade()
    {
        var endpoint = await AddAsync("acme");

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
            await Store.Registry.UpdateAsync(
                new EndpointChange { Id = endpoint.Id, Version = 1, Secrets = [NewSecret(number)], SecretsVersion = 1, At = Now }, default))));

        Assert.Equal(1, made.Count(isMade => isMade));
        Assert.Equal(Array.IndexOf(made, true), Assert.Single(await ReadSecretsAsync(endpoint.Id)));
        Assert.Equal((2, 2), await ReadVersionsAsync(endpoint.Id));
    }

    [Fact]
    public async Task UpdateAsync_DeclaredOrUnknownEndpoint_ChangesNothing()
    {
        var declared = NewEndpoint("warehouse");
        await Store.Endpoints.DeclareAsync([declared], 1, default);
        var settings = new EndpointSettings { Url = "https://new.example/" };

        Assert.False(await Store.Registry.UpdateAsync(
            new EndpointChange { Id = declared.Id, Version = 0, Settings = settings, Secrets = [NewSecret(1)], At = Now }, default));
        Assert.False(await Store.Registry.UpdateAsync(
            new EndpointChange { Id = Ids.NewEndpointId(), Version = 1, Settings = settings, At = Now }, default));

        Assert.Equal(declared.Url, (await Store.Registry.FindAsync(declared.Id, default))?.Settings.Url);
    }

    [Fact]
    public async Task UpdateAsync_SecretsAlone_LeavesThePersonsVersion()
    {
        var endpoint = await AddAsync("acme");
        StoredSecret[] secrets = [NewSecret(2), NewSecret(1) with { ExpiresAt = Now.AddDays(1) }, NewHeader(1, "X-Key")];

        Assert.True(await Store.Registry.UpdateAsync(
            new EndpointChange { Id = endpoint.Id, Secrets = secrets, SecretsVersion = 1, At = Now.AddHours(1) }, default));

        var read = Assert.Single(await Store.Registry.GetSecretsAsync([endpoint.Id], default));
        Assert.Equal((endpoint.Id, "acme", endpoint.Settings.Url, 2), (read.EndpointId, read.TenantId, read.Url, read.Version));
        Assert.Equal([secrets[1], secrets[0], secrets[2]], read.Secrets);
        Assert.Equal((1, 2), await ReadVersionsAsync(endpoint.Id));
        Assert.Equal(Now, (await Store.Registry.FindAsync(endpoint.Id, default))?.UpdatedAt);

        Assert.False(await Store.Registry.UpdateAsync(
            new EndpointChange { Id = endpoint.Id, Secrets = [], SecretsVersion = 1, At = Now }, default));
    }

    [Fact]
    public async Task Health_Changes_TouchNoVersion()
    {
        var endpoint = await AddAsync(null);
        var message = NewMessage();
        await Store.CaptureAsync([message]);
        await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoint.Id), default);
        var leased = Assert.Single(await LeaseAllAsync(endpoint.Id));
        var attempt = new Attempt { Id = Ids.NewAttemptId(), StartedAt = Now, Duration = TimeSpan.Zero, Outcome = AttemptOutcome.Gone };

        await Store.Deliveries.CompleteAsync(
            [new DeliveryCompletion { Delivery = leased, Status = DeliveryStatus.DeadLettered, Attempt = attempt }],
            [new EndpointHealth { EndpointId = endpoint.Id, Failures = 1, DisableBecause = EndpointStatusReason.Gone }],
            default);

        AssertSame(
            endpoint with { Status = EndpointStatus.Disabled, StatusReason = EndpointStatusReason.Gone },
            await Store.Registry.FindAsync(endpoint.Id, default));
    }

    [Fact]
    public async Task DeleteAsync_Endpoint_IsGoneWithItsSecrets()
    {
        var endpoint = await AddAsync("acme");

        Assert.True(await Store.Registry.DeleteAsync(endpoint.Id, default));

        Assert.Null(await Store.Registry.FindAsync(endpoint.Id, default));
        Assert.Empty(await ListAsync(new EndpointQuery { AllTenants = true }));
        Assert.Empty(await Store.Endpoints.GetByTenantsAsync(["acme"], default));
        Assert.Empty(await Store.Registry.GetSecretsAsync([endpoint.Id], default));
        Assert.Empty(await Store.Registry.FindOutdatedSecretsAsync("another", Now, default, 10, default));
        Assert.False(await Store.Registry.DeleteAsync(endpoint.Id, default));
        Assert.False(await Store.Endpoints.SetStatusAsync(endpoint.Id, EndpointStatus.Enabled, EndpointStatusReason.ByUser, default));
    }

    [Fact]
    public async Task DeleteAsync_DeclaredEndpoint_IsRefused()
    {
        await Store.Endpoints.DeclareAsync([NewEndpoint("warehouse")], 1, default);

        Assert.False(await Store.Registry.DeleteAsync(EndpointId.Declared(null, "warehouse"), default));

        Assert.Single(await Store.Endpoints.GetByTenantsAsync([null], default));
    }

    [Fact]
    public async Task DeleteAsync_PendingDeliveries_AreFoundAndCanceledInBatches()
    {
        var endpoint = await AddAsync(null);
        var another = await AddAsync(null);
        var messages = NewMessages(3);
        await Store.CaptureAsync(messages);
        await Store.Outbox.FanOutPendingAsync(10, PlanFor(endpoint.Id, another.Id), default);

        await Store.Registry.DeleteAsync(endpoint.Id, default);

        var due = await Store.Deliveries.SweepAsync(null, 10, default);
        Assert.Equal(EndpointStatus.Disabled, due.Single(found => found.EndpointId == endpoint.Id).Status);
        Assert.Empty(await LeaseAllAsync(endpoint.Id));
        Assert.Equal(2, await Store.Deliveries.SkipDisabledAsync(endpoint.Id, 2, default));
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoint.Id, 2, default));
        Assert.Equal(0, await Store.Deliveries.SkipDisabledAsync(endpoint.Id, 2, default));
        foreach (var message in messages)
        {
            var deliveries = await Store.Deliveries.GetByMessageAsync(message.Id, default);
            var canceled = deliveries.Single(delivery => delivery.EndpointId == endpoint.Id);
            Assert.Equal((DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted), (canceled.Status, canceled.Reason));
            Assert.Equal(DeliveryStatus.Pending, deliveries.Single(delivery => delivery.EndpointId == another.Id).Status);
        }

        Assert.Equal(3, (await LeaseAllAsync(another.Id)).Count);
    }

    [Fact]
    public async Task FindOutdatedSecretsAsync_AnotherKeyPlainTextOrExpired_AreFound()
    {
        var current = await AddAsync("acme", [Protected(1, "new")]);
        var old = await AddAsync("acme", [Protected(1, "new"), Protected(2, "old")]);
        var plain = await AddAsync("globex", [NewSecret(1)]);
        var expired = await AddAsync(null, [Protected(1, "new"), Protected(2, "new") with { ExpiresAt = Now }]);
        var header = await AddAsync(null, [Protected(1, "new"), Protected(1, "old") with { Purpose = StoredSecretPurpose.Header, Name = "X-Key" }]);
        await Store.Registry.ReplaceCanaryAsync(null, Protected(0, "old") with { Purpose = StoredSecretPurpose.Canary }, default);

        EndpointId[] outdated = [.. new[] { old.Id, plain.Id, expired.Id, header.Id }.Order()];
        Assert.Equal(outdated, await Store.Registry.FindOutdatedSecretsAsync("new", Now.AddTicks(10), default, 10, default));
        Assert.Equal(outdated[..2], await Store.Registry.FindOutdatedSecretsAsync("new", Now.AddTicks(10), default, 2, default));
        Assert.Equal(outdated[2..], await Store.Registry.FindOutdatedSecretsAsync("new", Now.AddTicks(10), outdated[1], 10, default));
        Assert.Equal([expired.Id], await Store.Registry.FindOutdatedSecretsAsync(null, Now.AddTicks(10), default, 10, default));
        Assert.Empty(await Store.Registry.FindOutdatedSecretsAsync(null, Now, default, 10, default));
        Assert.NotNull(await Store.Registry.FindAsync(current.Id, default));
    }

    [Fact]
    public async Task FindExpiringSecretsAsync_SigningSecretsThatWereNotTold_AreFound()
    {
        var soon = await AddAsync("acme", [NewSecret(1) with { ExpiresAt = Now.AddHours(1) }, NewSecret(2)]);
        var sooner = await AddAsync(null, [NewSecret(1) with { ExpiresAt = Now }]);
        await AddAsync("acme", [NewSecret(1) with { ExpiresAt = Now.AddHours(3) }]);
        await AddAsync("acme", [NewSecret(1) with { ExpiresAt = Now, IsExpiryTold = true }]);
        await AddAsync("acme", [NewSecret(1), NewSecret(1) with { Purpose = StoredSecretPurpose.Header, Name = "X-Key", ExpiresAt = Now }]);

        EndpointId[] expiring = [.. new[] { soon.Id, sooner.Id }.Order()];
        Assert.Equal(expiring, await Store.Registry.FindExpiringSecretsAsync(Now.AddHours(2), default, 10, default));
        Assert.Equal(expiring[..1], await Store.Registry.FindExpiringSecretsAsync(Now.AddHours(2), default, 1, default));
        Assert.Equal(expiring[1..], await Store.Registry.FindExpiringSecretsAsync(Now.AddHours(2), expiring[0], 10, default));
        Assert.Equal([sooner.Id], await Store.Registry.FindExpiringSecretsAsync(Now.AddHours(1), default, 10, default));
    }

    [Fact]
    public async Task UpdateAsync_WithMessages_StoresThemOnlyWithTheChange()
    {
        var endpoint = await AddAsync("acme", [NewSecret(1) with { ExpiresAt = Now.AddHours(1) }]);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await Store.Registry.UpdateAsync(
            new EndpointChange
            {
                Id = endpoint.Id,
                Secrets = [NewSecret(1) with { ExpiresAt = Now.AddHours(1), IsExpiryTold = true }],
                SecretsVersion = 1,
                Messages = [NewMessage("acme"), NewMessage()],
                At = Now,
            },
            default))));

        Assert.Single(results, isDone => isDone);
        var told = await Store.Outbox.FanOutPendingAsync(10, PlanNothing, default);
        Assert.Equal(2, told.Messages.Count);
        Assert.True(Assert.Single(Assert.Single(await Store.Registry.GetSecretsAsync([endpoint.Id], default)).Secrets).IsExpiryTold);
        Assert.Empty(await Store.Registry.FindExpiringSecretsAsync(Now.AddHours(2), default, 10, default));
    }

    [Fact]
    public async Task ReplaceCanaryAsync_FirstAndNext_OnlyInPlaceOfTheExpectedOne()
    {
        Assert.Null(await Store.Registry.FindCanaryAsync(default));
        var first = NewSecret(0) with { Purpose = StoredSecretPurpose.Canary };
        var next = Protected(0, "new") with { Purpose = StoredSecretPurpose.Canary };

        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            await Store.Registry.ReplaceCanaryAsync(null, first, default))));
        Assert.Equal(1, added.Count(isAdded => isAdded));
        Assert.Equal(first, await Store.Registry.FindCanaryAsync(default));

        Assert.False(await Store.Registry.ReplaceCanaryAsync("another", next, default));
        Assert.True(await Store.Registry.ReplaceCanaryAsync(first.Value, next, default));
        Assert.Equal((next.Value, "new"), (await Store.Registry.FindCanaryAsync(default)) is { } read ? (read.Value, read.KeyId) : default);
    }

    [Fact]
    public async Task EraseEndpointsAsync_Tenant_LeavesNoSettingsAndNoSecrets()
    {
        var endpoint = await AddAsync("acme", [NewSecret(1), NewHeader(1, "X-Key")]);
        await AddAsync("globex");

        Assert.Equal(1, await Store.Erasure.EraseEndpointsAsync("acme", default));

        var erased = await Store.Registry.FindAsync(endpoint.Id, default);
        Assert.NotNull(erased);
        Assert.Equal(("", null, EndpointStatusReason.Erased), (erased.Settings.Url, erased.Settings.Description, erased.StatusReason));
        Assert.Empty(erased.Settings.Metadata);
        Assert.Equal((2, 2), (erased.Version, erased.SecretsVersion));
        Assert.Empty(Assert.Single(await Store.Registry.GetSecretsAsync([endpoint.Id], default)).Secrets);
        Assert.Single(await ListAsync(new EndpointQuery { TenantId = "globex", Status = EndpointStatus.Enabled }));
    }

    private async Task<RegisteredEndpoint> AddAsync(
        string? tenant, IReadOnlyList<StoredSecret>? secrets = null, EndpointPolicy? policy = null)
    {
        var endpoint = NewRegistered(tenant);
        endpoint = endpoint with { Settings = endpoint.Settings with { Policy = policy ?? EndpointPolicy.Default } };
        Assert.True(await Store.Registry.AddAsync(endpoint, secrets ?? [NewSecret(1)], Many, default));
        return endpoint;
    }

    private RegisteredEndpoint NewRegistered(string? tenant) => new()
    {
        Id = Ids.NewEndpointId(),
        TenantId = tenant,
        Settings = new EndpointSettings
        {
            Url = "https://one.example/hooks",
            Description = "one",
            Metadata = new Dictionary<string, string> { ["a"] = "b" },
            EventTypes = ["order.*"],
        },
        Version = 1,
        SecretsVersion = 1,
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    private static StoredSecret NewSecret(int number) =>
        new() { Purpose = StoredSecretPurpose.Signing, Number = number, Value = "whsec_plain", CreatedAt = Now };

    private static StoredSecret NewHeader(int number, string name) => NewSecret(number) with { Purpose = StoredSecretPurpose.Header, Name = name };

    private static StoredSecret Protected(int number, string keyId) =>
        NewSecret(number) with { Value = ProtectedSecret.Create(keyId, "secret"u8.ToArray()).ToString() };

    private ValueTask<IReadOnlyList<RegisteredEndpoint>> ListAsync(EndpointQuery query) => Store.Registry.ListAsync(query, null, Many, default);

    private async Task<int[]> ReadSecretsAsync(EndpointId id) =>
        [.. Assert.Single(await Store.Registry.GetSecretsAsync([id], default)).Secrets.Select(secret => secret.Number)];

    private async Task<(long Version, long SecretsVersion)> ReadVersionsAsync(EndpointId id) =>
        await Store.Registry.FindAsync(id, default) is { } endpoint ? (endpoint.Version, endpoint.SecretsVersion) : default;

    private static void AssertSame(RegisteredEndpoint expected, RegisteredEndpoint? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Settings.Metadata, actual.Settings.Metadata);
        Assert.Equal(expected.Settings.EventTypes, actual.Settings.EventTypes);
        Assert.Equal(Plain(expected), Plain(actual));

        static RegisteredEndpoint Plain(RegisteredEndpoint endpoint) => endpoint with
        {
            Settings = endpoint.Settings with { Metadata = EmptyMetadata, EventTypes = [] },
            Secrets = [],
            HeaderNames = [],
        };
    }

    private static readonly Dictionary<string, string> EmptyMetadata = [];
}
