using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Idempotency;
using WebhookKit.Identifiers;
using WebhookKit.Inbox;
using WebhookKit.InMemory.Inbox;

namespace WebhookKit.InMemory.Tests.Erasure;

/// <summary>What is left in memory after an erasure: no text that a person may have chosen, wherever it was put.</summary>
public sealed class InMemoryErasureRemainsTests
{
    private const string Ada = "ada@acme.example";

    [Fact]
    public async Task EraseTenantAsync_KeysThatNameAPerson_AreNowhereInTheStore()
    {
        await using var store = await InMemoryStoreHarness.CreateAsync();
        var message = new WebhookMessage
        {
            Id = new IdGenerator(TimeProvider.System).NewMessageId(),
            TenantId = "acme",
            EventType = "order.paid",
            Payload = "{}"u8.ToArray(),
            OccurredAt = DateTimeOffset.UnixEpoch,
            OrderingKey = Ada,
            IdempotencyKey = Ada,
        };
        await store.Outbox.AppendAsync([message], default);
        var entry = new InboxEntry
        {
            Claim = new WebhookClaim("shop", "acme", "evt_1", ClaimDefaults.Memory),
            EventType = "order.paid",
            Payload = "{}"u8.ToArray(),
            OrderingKey = Ada,
        };
        await store.Inbox.AppendAsync([entry], default);
        Assert.Contains(Ada, TextsIn(store));

        await store.Services.GetRequiredService<IWebhookErasure>().EraseTenantAsync("acme");

        Assert.DoesNotContain(Ada, TextsIn(store));
        Assert.Equal([message.Id], await store.Outbox.AppendAsync([message with { Id = new IdGenerator(TimeProvider.System).NewMessageId() }], default));
    }

    private static List<string> TextsIn(StoreConformance.StoreHarness store)
    {
        var texts = new List<string>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Stack<object?>([store.Services.GetRequiredService<SenderState>(), store.Services.GetRequiredService<InboxTable>()]);
        while (next.TryPop(out var one))
        {
            if (one is string text)
            {
                texts.Add(text);
            }
            else if (one is Array { Rank: 1 } items && !items.GetType().GetElementType()!.IsPrimitive)
            {
                items.Cast<object?>().ToList().ForEach(next.Push);
            }
            else if (one is not null && HoldsData(one.GetType()) && (one is ValueType || seen.Add(one)))
            {
                for (var type = one.GetType(); type is not null; type = type.BaseType)
                {
                    const BindingFlags fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                    Array.ForEach(type.GetFields(fields), field => next.Push(field.GetValue(one)));
                }
            }
        }

        return texts;
    }

    private static bool HoldsData(Type type) =>
        type.FullName is { } name
        && (name.StartsWith("WebhookKit.", StringComparison.Ordinal)
            || name.StartsWith("System.Collections.", StringComparison.Ordinal)
            || name.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
        && !typeof(Delegate).IsAssignableFrom(type);
}
