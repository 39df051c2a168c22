using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Outbox;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

public sealed class SqliteOutboxStoreTests : OutboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteFanOutTests : FanOutSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}
