using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Publishing;

/// <summary>Publishes in every way a transaction can go, and writes down what it saw; one at a time.</summary>
internal sealed class Publisher(
    IServiceScopeFactory scopes, Ledger ledger, CommitCutter cutter, string node, Random random, TimeProvider timeProvider)
{
    private const double LongestHoldMs = 2_000;

    private static readonly PublishKind[] Kinds =
    [
        .. Enumerable.Repeat(PublishKind.Plain, 10),
        PublishKind.RolledBack, PublishKind.SavepointUndone, PublishKind.LateCommit, PublishKind.UnknownOutcome, PublishKind.Repeated,
    ];

    private readonly string _note = new('x', 200);
    private int _number;

    /// <summary>Publishes to the plain endpoints, in a way chosen at random.</summary>
    public Task PublishAsync() => Kinds[random.Next(Kinds.Length)] switch
    {
        PublishKind.RolledBack => InContextAsync(RollBackAsync),
        PublishKind.SavepointUndone => InContextAsync(UndoSavepointAsync),
        PublishKind.LateCommit => InContextAsync(CommitLateAsync),
        PublishKind.UnknownOutcome => InContextAsync(CommitUnknownAsync),
        PublishKind.Repeated => RepeatAsync(),
        _ => InContextAsync(db => SaveAsync(db, Begin(db, NextPaid(), OrderPaid.EventType))),
    };

    /// <summary>Publishes to the ordered endpoint.</summary>
    public Task PublishOrderedAsync(string orderingKey) => InContextAsync(db =>
    {
        var data = new OrderMoved(node, ++_number);
        return SaveAsync(db, Begin(db, data, OrderMoved.EventType, new PublishOptions { OrderingKey = orderingKey }));
    });

    private async Task SaveAsync(ChaosDb db, Publication publication)
    {
        await db.SaveChangesAsync();
        End(publication, PublicationEnd.Committed);
    }

    private async Task RollBackAsync(ChaosDb db)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var publication = Begin(db, NextPaid(), OrderPaid.EventType);
        await db.SaveChangesAsync();
        await transaction.RollbackAsync();
        End(publication, PublicationEnd.RolledBack);
    }

    private async Task UndoSavepointAsync(ChaosDb db)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var kept = Begin(db, NextPaid(), OrderPaid.EventType);
        await db.SaveChangesAsync();
        await transaction.CreateSavepointAsync("before");
        var undone = Begin(db, NextPaid(), OrderPaid.EventType);
        await db.SaveChangesAsync();
        await transaction.RollbackToSavepointAsync("before");
        End(undone, PublicationEnd.RolledBack);
        await transaction.CommitAsync();
        End(kept, PublicationEnd.Committed);
    }

    // Messages with later ids commit meanwhile.
    private async Task CommitLateAsync(ChaosDb db)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var publication = Begin(db, NextPaid(), OrderPaid.EventType);
        await db.SaveChangesAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * LongestHoldMs), timeProvider);
        await transaction.CommitAsync();
        End(publication, PublicationEnd.Committed);
    }

    private async Task CommitUnknownAsync(ChaosDb db)
    {
        db.Database.SetConnectionString(cutter.ConnectionString);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var publication = Begin(db, NextPaid(), OrderPaid.EventType);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        End(publication, PublicationEnd.Committed);
    }

    private async Task RepeatAsync()
    {
        var data = NextPaid();
        var options = new PublishOptions { IdempotencyKey = $"{node}/{data.Number}" };
        for (var times = 0; times < 2; times++)
        {
            await InContextAsync(db => SaveAsync(db, Begin(db, data, OrderPaid.EventType, options)));
        }
    }

    private async Task InContextAsync(Func<ChaosDb, Task> publish)
    {
        await using var scope = scopes.CreateAsyncScope();
        await publish(scope.ServiceProvider.GetRequiredService<ChaosDb>());
    }

    private OrderPaid NextPaid() => new(node, ++_number, _note);

    private Publication Begin<T>(ChaosDb db, T data, string eventType, PublishOptions? options = null)
    {
        var begunAt = timeProvider.GetUtcNow();
        var id = db.PublishWebhook(data, options);
        db.Orders.Add(new Order { MessageId = id.Value });
        var publication = new Publication
        {
            MessageId = id.Value,
            EventType = eventType,
            OrderingKey = options?.OrderingKey,
            IdempotencyKey = options?.IdempotencyKey,
            BegunAt = begunAt,
        };
        ledger.Write(publication);
        return publication;
    }

    private void End(Publication publication, PublicationEnd end) =>
        ledger.Write(publication with { End = end, EndedAt = timeProvider.GetUtcNow() });
}
