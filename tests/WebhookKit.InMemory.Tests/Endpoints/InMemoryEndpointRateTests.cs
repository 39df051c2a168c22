using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Endpoints;

namespace WebhookKit.InMemory.Tests.Endpoints;

public sealed class InMemoryEndpointRateTests : EndpointRateSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
