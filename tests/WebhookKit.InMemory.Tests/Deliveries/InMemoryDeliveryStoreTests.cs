using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.InMemory.Tests.Deliveries;

public sealed class InMemoryDeliveryStoreTests : DeliveryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
