using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Retention;

namespace WebhookKit.InMemory.Tests.Retention;

public sealed class InMemoryDeliveryRetentionTests : DeliveryRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
