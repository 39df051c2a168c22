using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.InMemory.Tests.Deliveries;

public sealed class InMemoryRedeliveryTests : RedeliverySuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
