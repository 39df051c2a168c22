using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Outbox;

namespace WebhookKit.InMemory.Tests.Outbox;

public sealed class InMemoryRenderingTests : RenderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
