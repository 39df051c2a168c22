using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.InMemory.Tests.Deliveries;

public sealed class InMemoryCancellationTests : CancellationSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
