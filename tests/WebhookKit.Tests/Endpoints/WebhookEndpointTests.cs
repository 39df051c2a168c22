namespace WebhookKit.Tests.Endpoints;

public sealed class WebhookEndpointTests
{
    private static readonly WebhookEndpoint Endpoint = new()
    {
        Id = EndpointId.Declared("acme", "warehouse"),
        TenantId = "acme",
        Url = "https://warehouse.example/hooks",
        EventTypes = ["invoice.paid", "order.*"],
    };

    private static readonly WebhookMessage Message = new()
    {
        Id = new MessageId(Guid.AllBitsSet),
        TenantId = "acme",
        EventType = "order.paid",
        Payload = default,
        OccurredAt = default,
    };

    [Fact]
    public void Wants_OnePatternMatches_GivesTrue() => Assert.True(Endpoint.Wants(Message));

    [Fact]
    public void Wants_NoPatternMatches_GivesFalse()
    {
        Assert.False(Endpoint.Wants(Message with { EventType = "invoice.voided" }));
        Assert.False((Endpoint with { EventTypes = [] }).Wants(Message));
    }

    [Theory]
    [InlineData("acme", null)]
    [InlineData(null, "acme")]
    [InlineData("acme", "Acme")]
    [InlineData(null, "")]
    public void Wants_OtherTenant_GivesFalse(string? endpointTenant, string? messageTenant) =>
        Assert.False((Endpoint with { TenantId = endpointTenant }).Wants(Message with { TenantId = messageTenant }));

    [Fact]
    public void Wants_BothWithoutTenant_GivesTrue() =>
        Assert.True((Endpoint with { TenantId = null }).Wants(Message with { TenantId = null }));

    [Fact]
    public void Wants_TargetedMessage_AsksForTheEndpointAloneNotItsSubscription()
    {
        var targeted = Message with { TargetEndpointId = Endpoint.Id, EventType = "anything" };

        Assert.True(Endpoint.Wants(targeted));
        Assert.False((Endpoint with { Id = EndpointId.Declared("acme", "other") }).Wants(targeted with { EventType = "order.paid" }));
        Assert.False((Endpoint with { TenantId = "globex" }).Wants(targeted));
    }
}
