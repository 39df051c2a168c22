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

public sealed class PostgresCompletionTests : CompletionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresDeliveryStoreTests : DeliveryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresOrderingTests : OrderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresEndpointStoreTests : EndpointStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresClaimStoreTests : ClaimStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresSourceSecretStoreTests : SourceSecretStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresHandlerTransactionTests : HandlerTransactionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresInboxStoreTests : InboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresInboxDeadLetterTests : InboxDeadLetterSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresFanOutTests : FanOutSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresOutboxStoreTests : OutboxStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresRenderingTests : RenderingSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresDeliveryRetentionTests : DeliveryRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresMessageRetentionTests : MessageRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresEndpointRetentionTests : EndpointRetentionSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresMessageErasureTests : MessageErasureSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresTenantErasureTests : TenantErasureSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresEndpointRegistryStoreTests : EndpointRegistryStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresEndpointHealthTests : EndpointHealthSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresEndpointRateTests : EndpointRateSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresOperationalMessageTests : OperationalMessageSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresRedeliveryTests : RedeliverySuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}

public sealed class PostgresCancellationTests : CancellationSuite
{
    protected override Task<StoreHarness> CreateAsync() => PostgresHarness.CreateAsync();
}
