namespace WebhookKit.AspNetCore.Tests.Hosting;

public sealed record OrderPaid(string Id, decimal Total)
{
    public const string EventType = "order.paid";
    public const string Payload = """{"type":"order.paid","timestamp":"2026-03-01T12:00:00.000Z","data":{"id":"o1","total":12.5}}""";
}
