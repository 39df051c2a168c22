using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Handshakes;

namespace WebhookKit.InMemory.Tests.Handshakes;

public sealed class InMemorySourceSecretStoreTests : SourceSecretStoreSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
