using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;
using WebhookKit.StoreConformance.Endpoints;
using WebhookKit.StoreConformance.Outbox;
using WebhookKit.StoreConformance.Retention;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

public sealed class PortablePostgresCompletionTests : CompletionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresDeliveryStoreTests : DeliveryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresOrderingTests : OrderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresFanOutTests : FanOutSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresOutboxStoreTests : OutboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresRenderingTests : RenderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresEndpointRegistryStoreTests : EndpointRegistryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresEndpointHealthTests : EndpointHealthSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresEndpointRateTests : EndpointRateSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresEndpointRetentionTests : EndpointRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresOperationalMessageTests : OperationalMessageSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresRedeliveryTests : RedeliverySuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}

public sealed class PortablePostgresCancellationTests : CancellationSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreatePortableAsync();
}
