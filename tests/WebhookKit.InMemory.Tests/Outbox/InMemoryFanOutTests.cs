using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Outbox;

namespace WebhookKit.InMemory.Tests.Outbox;

public sealed class InMemoryFanOutTests : FanOutSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
