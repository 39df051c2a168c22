using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Diagnostics;
using WebhookKit.Testing;

namespace WebhookKit.AspNetCore.Tests.Receiving;

public sealed class ReceiverMetricsTests
{
    private readonly ConcurrentQueue<string> _measured = [];

    [Fact]
    public async Task Receive_RequestsOfEveryKind_AreCountedBySourceAndOutcomeAndByNothingElse()
    {
        using var listener = new MeterListener();
        await using var host = await ReceiverHost.StartAsync(
            source => source.On(OrderPaid.EventType, (_, _) => Task.CompletedTask),
            setup => setup.Map = app =>
            {
                Listen(listener, app.Services.GetRequiredService<IMeterFactory>());
                app.MapWebhookReceiver();
            });

        var once = new SignedRequestOptions { Id = "evt_1" };
        using var handled = await host.SendAsync(OrderPaid.Payload, once);
        using var duplicate = await host.SendAsync(OrderPaid.Payload, once);
        using var unwanted = await host.SendAsync("""{"type":"made.up.by.the.sender"}""");
        using var refused = await host.SendAsync(OrderPaid.Payload, new SignedRequestOptions { Tampering = Tampering.Payload });
        using var unknown = await host.SendAsync(OrderPaid.Payload, url: "/webhooks/made-up-by-the-sender");

        Assert.Equal(HttpStatusCode.OK, handled.StatusCode);
        Assert.Equal(
            [
                "webhookkit.receiver.events 1 webhookkit.source=partner webhookkit.outcome=Handled",
                "webhookkit.receiver.requests 1 webhookkit.source=partner webhookkit.outcome=Handled",
                "webhookkit.receiver.events 1 webhookkit.source=partner webhookkit.outcome=Duplicate",
                "webhookkit.receiver.requests 1 webhookkit.source=partner webhookkit.outcome=Duplicate",
                "webhookkit.receiver.events 1 webhookkit.source=partner webhookkit.outcome=Unwanted",
                "webhookkit.receiver.requests 1 webhookkit.source=partner webhookkit.outcome=Unwanted",
                "webhookkit.receiver.requests 1 webhookkit.source=partner webhookkit.outcome=NotVerified",
                "webhookkit.receiver.requests 1 webhookkit.source= webhookkit.outcome=UnknownSource",
            ],
            _measured);
    }

    // Every host has meters of its own; other tests run beside this one.
    private void Listen(MeterListener listener, IMeterFactory meters)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == WebhookMeters.Receiver && instrument.Meter.Scope == meters)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue(
            $"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();
    }
}
