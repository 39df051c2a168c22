using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Rendering;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Writes what becomes of messages taken from the outbox: duplicates named, idempotency keys, deliveries.</summary>
internal sealed class FanOutRows(DeliveryStatements deliveries, EndpointReader endpoints)
{
    /// <summary>Part of the transaction that took the messages.</summary>
    /// <param name="context">Whose transaction it is.</param>
    /// <param name="taken">What was taken, in the order of the outbox.</param>
    /// <param name="plan">Names the deliveries of those that are no duplicates.</param>
    /// <param name="now">The time of the transaction.</param>
    /// <param name="cancellationToken">Gives up; nothing is taken.</param>
    public async Task<FanOutResult> WriteAsync(
        DbContext context,
        IReadOnlyList<TakenMessage> taken,
        Func<IReadOnlyList<WebhookMessage>, Task<IReadOnlyList<NewDelivery>>> plan,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (taken.Count == 0)
        {
            return FanOutResult.Empty;
        }

        var messages = taken.Select(row => row.Message).ToArray();
        var keys = await IdempotencyKeys.LoadAsync(context, messages, now, cancellationToken).ConfigureAwait(false);
        var wanted = await NameDuplicatesAsync(context, keys, messages, cancellationToken).ConfigureAwait(false);
        await keys.SaveAsync(context, cancellationToken).ConfigureAwait(false);

        var planned = await plan(wanted).ConfigureAwait(false);
        await InsertAsync(context, planned, taken, now, cancellationToken).ConfigureAwait(false);
        return new FanOutResult(wanted, planned, messages.Length - wanted.Count);
    }

    /// <summary>Reads the endpoints of the messages' tenants and asks the planner.</summary>
    public async Task<IReadOnlyList<NewDelivery>> PlanAsync(
        DbContext context, IReadOnlyList<WebhookMessage> wanted, FanOutPlanner planner, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var tenants = wanted.Select(message => message.TenantId).Distinct().ToArray();
        return planner(wanted, await endpoints.ReadByTenantsAsync(context, tenants, cancellationToken).ConfigureAwait(false));
    }

    private async Task InsertAsync(
        DbContext context,
        IReadOnlyList<NewDelivery> planned,
        IReadOnlyList<TakenMessage> taken,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var numbers = taken.ToDictionary(row => row.Message.Id, row => row.Number);
        DeliveryEntity[] rows = [.. planned.Select(delivery => DeliveryEntity.From(delivery, now, numbers[delivery.MessageId]))];
        await deliveries.Current.InsertAsync(context, rows, cancellationToken).ConfigureAwait(false);
        RenderingEntity[] renderings =
        [
            .. planned
                .Select(delivery => delivery.Rendering)
                .OfType<MessageRendering>()
                .DistinctBy(rendering => (rendering.MessageId, rendering.Format))
                .Select(RenderingEntity.From),
        ];
        await context.InsertRowsAsync(renderings, cancellationToken).ConfigureAwait(false);
        OrderingLine[] lines =
        [
            .. rows
                .Where(row => row.DueAt == DeliveryEntity.Never)
                .Select(row => new OrderingLine(row.EndpointId, row.OrderingKey!))
                .Distinct(),
        ];
        await deliveries.Current.PromoteAsync(context, lines, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<WebhookMessage>> NameDuplicatesAsync(
        DbContext context, IdempotencyKeys keys, IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
    {
        var wanted = new List<WebhookMessage>(messages.Count);
        var duplicates = new List<(MessageId Id, MessageId? First)>();
        foreach (var message in messages)
        {
            if (keys.FirstOf(message) is not { } first || first.MessageId == message.Id)
            {
                wanted.Add(message);
            }
            else
            {
                duplicates.Add((message.Id, first.MessageId));
            }
        }

        foreach (var some in duplicates.Chunk(ValueByKey.MaxRows))
        {
            var ids = Array.ConvertAll(some, duplicate => duplicate.Id);
            var firstOf = ValueByKey.Of<MessageEntity, MessageId, MessageId?>(nameof(MessageEntity.Id), nameof(MessageEntity.DuplicateOf), some);
            await context.Set<MessageEntity>()
                .Where(row => ids.Contains(row.Id))
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.DuplicateOf, firstOf), cancellationToken).ConfigureAwait(false);
        }

        return wanted;
    }
}
