using WebhookKit.StoreConformance;
using WebhookKit.StoreConformance.Inbox;

namespace WebhookKit.InMemory.Tests.Inbox;

public sealed class InMemoryInboxDeadLetterTests : InboxDeadLetterSuite
{
    protected override Task<StoreHarness> CreateAsync() => InMemoryStoreHarness.CreateAsync();
}
