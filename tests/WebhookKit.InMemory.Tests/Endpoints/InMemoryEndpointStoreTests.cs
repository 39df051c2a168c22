using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Endpoints;

namespace WebhookKit.InMemory.Tests.Endpoints;

public sealed class InMemoryEndpointStoreTests : EndpointStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
