using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Testing;

namespace WebhookKit.Sender.Tests.EndpointHealth;

public sealed class OperationalEventsTests : IAsyncLifetime
{
    private ScriptedReceiver _receiver = null!;
    private ScriptedReceiver _operations = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _operations = await ScriptedReceiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _operations.DisposeAsync();
    }

    [Fact]
    public async Task Gone_TellsTheChosenEndpointThatItIsDisabledAndOfTheDelivery()
    {
        _receiver.Answer(ReceiverAnswer.Status(410));
        await using var sender = await StartAsync(events => events.SendTo("ops"));

        var id = await sender.PublishAsync();

        var delivery = await sender.WaitForAsync(id, DeliveryStatus.DeadLettered);
        var told = (await _operations.WaitForRequestsAsync(2)).ToDictionary(
            request => JsonDocument.Parse(request.Body).RootElement.GetProperty("type").GetString()!,
            request => JsonDocument.Parse(request.Body).RootElement.GetProperty("data"));
        var disabled = told[OperationalEventTypes.EndpointDisabled].Deserialize<EndpointHealthEvent>(JsonSerializerOptions.Web)!;
        Assert.Equal((delivery.EndpointId.ToString(), "test", "gone", 1), (disabled.EndpointId, disabled.Name, disabled.Reason, disabled.ConsecutiveFailures));
        Assert.NotNull(disabled.FailingSince);
        Assert.Equal(
            new DeliveryExhaustedEvent
            {
                DeliveryId = delivery.Id.ToString(),
                MessageId = id.ToString(),
                EventType = "order.paid",
                EndpointId = delivery.EndpointId.ToString(),
                Reason = "endpointGone",
                Attempts = 1,
                LastOutcome = "gone",
                LastStatusCode = 410,
            },
            told[OperationalEventTypes.DeliveryExhausted].Deserialize<DeliveryExhaustedEvent>(JsonSerializerOptions.Web));
    }

    [Fact]
    public async Task OperationalDeliveriesThatFail_RaiseNoFurtherEvents()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);
        _operations.DefaultAnswer = ReceiverAnswer.Status(500);
        await using var sender = await StartAsync(events => events.SendTo("ops"));

        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        // Three attempts at the one message, and then at another that a person published behind it.
        await _operations.WaitForRequestsAsync(3);
        _operations.DefaultAnswer = ReceiverAnswer.Status(200);
        _receiver.DefaultAnswer = ReceiverAnswer.Status(410);
        await sender.PublishAsync();
        var all = await _operations.WaitForRequestsAsync(5);
        Assert.Equal(
            [OperationalEventTypes.DeliveryExhausted, OperationalEventTypes.DeliveryExhausted, OperationalEventTypes.DeliveryExhausted],
            all.Take(3).Select(TypeOf));
        Assert.Single(all.Take(3).Select(request => request.Headers["webhook-id"].ToString()).Distinct());
        Assert.Equal(
            [OperationalEventTypes.DeliveryExhausted, OperationalEventTypes.EndpointDisabled], all.Skip(3).Select(TypeOf).Order());
    }

    [Fact]
    public async Task TellTenants_TellsTheTenantsOwnSubscribers()
    {
        _receiver.Answer(ReceiverAnswer.Status(410));
        await using var sender = await SenderHarness.StartAsync(builder =>
        {
            builder.OperationalEvents(events => events.TellTenants = true);
            Add(builder, "test", _receiver, "acme", "order.*");
            Add(builder, "alerts", _operations, "acme", "webhooks.*.*");
            Add(builder, "other", _receiver, "globex", "*");
        });

        await sender.PublishAsync(options: new PublishOptions { TenantId = "acme" });

        var told = await _operations.WaitForRequestsAsync(2);
        Assert.Equal([OperationalEventTypes.DeliveryExhausted, OperationalEventTypes.EndpointDisabled], told.Select(TypeOf).Order());
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task NobodyChosen_TellsNobody()
    {
        _receiver.Answer(ReceiverAnswer.Status(410));
        await using var sender = await StartAsync(_ => { });

        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);
        await sender.Endpoints.SetStatusAsync(EndpointId.Declared(null, "test"), EndpointStatus.Enabled, EndpointStatusReason.ByUser, default);
        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Assert.Empty(_operations.Requests);
    }

    [Fact]
    public async Task SetupOfThePageOnSending_LacksNothingButSecrets()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => SenderHarness.StartAsync(HealthSetup.Configure));

        Assert.Equal(
            ["warehouse", "operations"],
            exception.Errors.Where(error => error.Contains("Secrets", StringComparison.Ordinal)).Select(error => error.Split('\'')[1]));
    }

    [Fact]
    public async Task UnknownReceiver_IsReportedAtStart()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartAsync(events => events.SendTo("operations", "acme")));

        Assert.Contains("'operations' of tenant 'acme'", exception.Message, StringComparison.Ordinal);
    }

    private static string TypeOf(ReceivedRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("type").GetString()!;

    private Task<SenderHarness> StartAsync(Action<OperationalEventsOptions> configure) => SenderHarness.StartAsync(builder =>
    {
        builder.OperationalEvents(configure);
        SenderHarness.AddEndpoint(builder, "test", _receiver, "order.*");
        SenderHarness.AddEndpoint(builder, "ops", _operations, "nothing.at.all");
    });

    private static void Add(SenderBuilder builder, string name, ScriptedReceiver receiver, string tenantId, string pattern) =>
        builder.AddEndpoint(name, receiver.Url.ToString(), endpoint =>
        {
            endpoint.TenantId = tenantId;
            endpoint.EventTypes.Add(pattern);
            endpoint.Secrets.Add(SenderHarness.Secret.Reveal());
        });
}
