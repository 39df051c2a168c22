using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Idempotency;

namespace WebhookKit.InMemory.Tests.Idempotency;

public sealed class InMemoryHandlerTransactionTests : HandlerTransactionSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
