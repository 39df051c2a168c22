using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Retention;

namespace WebhookKit.InMemory.Tests.Retention;

public sealed class InMemoryEndpointRetentionTests : EndpointRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
