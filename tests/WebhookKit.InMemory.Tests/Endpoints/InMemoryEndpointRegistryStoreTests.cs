using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Endpoints;

namespace WebhookKit.InMemory.Tests.Endpoints;

public sealed class InMemoryEndpointRegistryStoreTests : EndpointRegistryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
