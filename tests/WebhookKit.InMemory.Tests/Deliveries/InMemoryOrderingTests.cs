using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.InMemory.Tests.Deliveries;

public sealed class InMemoryOrderingTests : OrderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
