using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Outbox;

namespace WebhookKit.InMemory.Tests.Outbox;

public sealed class InMemoryOutboxStoreTests : OutboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
