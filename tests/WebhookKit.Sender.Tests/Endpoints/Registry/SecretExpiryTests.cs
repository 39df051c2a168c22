using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

public sealed class SecretExpiryTests : IAsyncLifetime
{
    private readonly RegistryHarness _harness = new(Tell, options => options.MaxEndpointsPerTenant = 1_000);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task RunAsync_OldSecretStopsWithinTheNotice_TellsOnceWhichAndWhen()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        await _harness.CreateAsync();
        await _harness.Registry.RotateSecretAsync(endpoint.Id);
        var rotatedAt = _harness.Clock.GetUtcNow();
        _harness.Clock.Advance(TimeSpan.FromHours(18));
        await _harness.Upkeep.RunAsync(default);
        Assert.Empty(await TakeMessagesAsync());
        _harness.Clock.Advance(TimeSpan.FromSeconds(1));

        await _harness.Upkeep.RunAsync(default);
        await _harness.Upkeep.RunAsync(default);

        var messages = await TakeMessagesAsync();
        Assert.Equal([(null, EndpointId.Declared(null, "operations")), ("acme", null)], messages.Select(one => (one.TenantId, one.TargetEndpointId)));
        Assert.All(messages, message =>
        {
            Assert.Equal((OperationalEventTypes.SecretExpiring, MessageOrigin.Operational), (message.EventType, message.Origin));
            using var payload = JsonDocument.Parse(message.Payload);
            var data = payload.RootElement.GetProperty("data");
            Assert.Equal(endpoint.Id.ToString(), data.GetProperty("endpointId").GetString());
            Assert.Equal("acme", data.GetProperty("tenantId").GetString());
            Assert.Equal(1, data.GetProperty("secretNumber").GetInt32());
            Assert.Equal(rotatedAt.AddHours(24), data.GetProperty("expiresAt").GetDateTimeOffset());
        });
        Assert.Equal(1, _harness.Log.Count("SecretExpiring"));
    }

    [Fact]
    public async Task RunAsync_TwoNodesAtOnce_TellOnce()
    {
        var (endpoint, old) = await _harness.CreateAsync();
        var added = (await _harness.Registry.RotateSecretAsync(endpoint.Id)).ReceiverSecret!;
        _harness.Clock.Advance(TimeSpan.FromHours(20));
        var isFirst = true;
        _harness.Counts.Before = method =>
        {
            if (method == nameof(IEndpointRegistryStore.UpdateAsync) && isFirst)
            {
                isFirst = false;
                _harness.Upkeep.RunAsync(default).AsTask().GetAwaiter().GetResult();
            }
        };

        await _harness.Upkeep.RunAsync(default);

        Assert.Equal(2, (await TakeMessagesAsync()).Count);
        Assert.Equal([old, added], await _harness.FindVerifyingAsync(endpoint.Id, old, added));
    }

    [Fact]
    public async Task RunAsync_RotatedAgainAfterItWasTold_TellsOfTheNextAlone()
    {
        var (endpoint, _) = await _harness.CreateAsync();
        await _harness.Registry.RotateSecretAsync(endpoint.Id);
        _harness.Clock.Advance(TimeSpan.FromHours(20));
        await _harness.Upkeep.RunAsync(default);
        await TakeMessagesAsync();
        await _harness.Registry.RotateSecretAsync(endpoint.Id);
        await _harness.Upkeep.RunAsync(default);
        Assert.Empty(await TakeMessagesAsync());
        _harness.Clock.Advance(TimeSpan.FromHours(20));

        await _harness.Upkeep.RunAsync(default);

        var messages = await TakeMessagesAsync();
        Assert.Equal(2, messages.Count);
        Assert.All(messages, message =>
            Assert.Contains("\"secretNumber\":2", System.Text.Encoding.UTF8.GetString(message.Payload.Span), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_NobodyIsToBeTold_ChangesNothing(bool hasReceivers)
    {
        await using var harness = new RegistryHarness(hasReceivers ? Tell : null, options => options.SecretExpiryNotice = hasReceivers ? TimeSpan.Zero : options.SecretExpiryNotice);
        var (endpoint, _) = await harness.CreateAsync();
        await harness.Registry.RotateSecretAsync(endpoint.Id);
        harness.Clock.Advance(TimeSpan.FromHours(23));

        await harness.Upkeep.RunAsync(default);

        Assert.Empty((await harness.Services.GetRequiredService<IOutboxStore>().FanOutPendingAsync(10, (_, _) => [], default)).Messages);
        Assert.Equal(2, (await harness.Registry.FindAsync(endpoint.Id))!.SecretsVersion);
    }

    private static void Tell(SenderBuilder sender) => sender.OperationalEvents(events =>
    {
        events.SendTo("operations");
        events.TellTenants = true;
    });

    private async Task<IReadOnlyList<WebhookMessage>> TakeMessagesAsync()
    {
        var outbox = _harness.Services.GetRequiredService<IOutboxStore>();
        var taken = await outbox.FanOutPendingAsync(100, (_, _) => [], default);
        return await outbox.GetMessagesAsync([.. taken.Messages.Select(message => message.Id)], default);
    }
}
