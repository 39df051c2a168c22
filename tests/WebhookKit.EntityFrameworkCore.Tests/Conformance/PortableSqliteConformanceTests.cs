using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;
using WebhookKit.StoreConformance.Endpoints;
using WebhookKit.StoreConformance.Outbox;
using WebhookKit.StoreConformance.Retention;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

public sealed class PortableSqliteCompletionTests : CompletionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteDeliveryStoreTests : DeliveryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteOrderingTests : OrderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteFanOutTests : FanOutSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteOutboxStoreTests : OutboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteRenderingTests : RenderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteEndpointRegistryStoreTests : EndpointRegistryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteEndpointHealthTests : EndpointHealthSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteEndpointRateTests : EndpointRateSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteEndpointRetentionTests : EndpointRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteOperationalMessageTests : OperationalMessageSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}

public sealed class PortableSqliteCancellationTests : CancellationSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreatePortableAsync();
}
