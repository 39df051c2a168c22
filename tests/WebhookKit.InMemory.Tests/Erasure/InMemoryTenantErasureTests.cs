using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Erasure;

namespace WebhookKit.InMemory.Tests.Erasure;

public sealed class InMemoryTenantErasureTests : TenantErasureSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
