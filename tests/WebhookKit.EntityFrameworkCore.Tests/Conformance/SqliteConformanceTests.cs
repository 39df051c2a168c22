using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Deliveries;
using WebhookKit.StoreConformance.Endpoints;
using WebhookKit.StoreConformance.Erasure;
using WebhookKit.StoreConformance.Handshakes;
using WebhookKit.StoreConformance.Idempotency;
using WebhookKit.StoreConformance.Inbox;
using WebhookKit.StoreConformance.Outbox;
using WebhookKit.StoreConformance.Retention;

namespace WebhookKit.EntityFrameworkCore.Tests.Conformance;

public sealed class SqliteCompletionTests : CompletionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteDeliveryStoreTests : DeliveryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteOrderingTests : OrderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteEndpointStoreTests : EndpointStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteClaimStoreTests : ClaimStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteSourceSecretStoreTests : SourceSecretStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteHandlerTransactionTests : HandlerTransactionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteInboxStoreTests : InboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteInboxDeadLetterTests : InboxDeadLetterSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteFanOutTests : FanOutSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteOutboxStoreTests : OutboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteRenderingTests : RenderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteDeliveryRetentionTests : DeliveryRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteMessageRetentionTests : MessageRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteEndpointRetentionTests : EndpointRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteMessageErasureTests : MessageErasureSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteTenantErasureTests : TenantErasureSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteEndpointRegistryStoreTests : EndpointRegistryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteEndpointHealthTests : EndpointHealthSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteEndpointRateTests : EndpointRateSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteOperationalMessageTests : OperationalMessageSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteRedeliveryTests : RedeliverySuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}

public sealed class SqliteCancellationTests : CancellationSuite
{
    protected override Task<StoreHarness> CreateAsync() => SqliteHarness.CreateAsync();
}
