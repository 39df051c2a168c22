namespace WebhookKit.Sender.Tests.EndpointHealth;

/// <summary>The sender of the page on sending: one endpoint with a rate, and one that is told what becomes of it.</summary>
internal static class HealthSetup
{
    #region health
    public static void Configure(SenderBuilder sender) => sender
        .AddEndpoint("warehouse", "https://warehouse.example/hooks", endpoint =>
        {
            endpoint.EventTypes.Add("order.*");
            endpoint.Rate = EndpointRate.PerSecond(50);
        })
        .AddEndpoint("operations", "https://ops.example/hooks", endpoint => endpoint.EventTypes.Add("webhooks.*.*"))
        .OperationalEvents(events => events.SendTo("operations"))
        .Configure(options => options.EndpointHealth = new EndpointHealthPolicy { DisableAfter = TimeSpan.FromDays(10) });
    #endregion
}
