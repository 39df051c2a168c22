using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Endpoints;

namespace WebhookKit.InMemory.Tests.Endpoints;

public sealed class InMemoryEndpointHealthTests : EndpointHealthSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
