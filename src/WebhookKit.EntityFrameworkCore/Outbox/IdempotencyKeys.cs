using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Outbox;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>The idempotency keys of one batch: those the store remembers and those the batch brings.</summary>
internal sealed class IdempotencyKeys
{
    private readonly DateTimeOffset _now;
    private readonly Dictionary<(string Tenant, string KeyHash), IdempotencyKeyEntity> _first = [];
    private readonly List<IdempotencyKeyEntity> _new = [];
    private readonly List<IdempotencyKeyEntity> _expired = [];

    private IdempotencyKeys(DateTimeOffset now)
    {
        _now = now;
    }

    public static async Task<IdempotencyKeys> LoadAsync(
        DbContext context, IReadOnlyList<WebhookMessage> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var loaded = new IdempotencyKeys(now);
        var keyed = messages.Where(message => message.IdempotencyKey is not null).ToArray();
        if (keyed.Length == 0)
        {
            return loaded;
        }

        // Every tenant with every key of the batch: of pairs that nobody asked for there are few, and they do no harm.
        var tenants = keyed.Select(message => message.TenantId ?? "").Distinct().ToArray();
        var hashes = keyed.Select(message => IdempotencyKeyEntity.HashOf(message.IdempotencyKey!)).Distinct().ToArray();
        var rows = await context.Set<IdempotencyKeyEntity>()
            .AsNoTracking()
            .Where(row => tenants.Contains(row.TenantId) && hashes.Contains(row.KeyHash))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            if (row.ExpiresAt <= now)
            {
                loaded._expired.Add(row);
            }
            else
            {
                loaded._first.Add((row.TenantId, row.KeyHash), row);
            }
        }

        return loaded;
    }

    /// <summary>Finds the message that the key belongs to, which is the given one when the key is new.</summary>
    public IdempotencyKeyEntity? FirstOf(WebhookMessage message)
    {
        if (message.IdempotencyKey is null)
        {
            return null;
        }

        var key = (message.TenantId ?? "", IdempotencyKeyEntity.HashOf(message.IdempotencyKey));
        if (!_first.TryGetValue(key, out var first))
        {
            first = IdempotencyKeyEntity.From(message, _now + OutboxDefaults.IdempotencyKeyMemory);
            _first.Add(key, first);
            _new.Add(first);
        }

        return first;
    }

    public bool IsSameEvent(WebhookMessage message, IdempotencyKeyEntity first) =>
        IdempotencyKeyEntity.From(message, _now).IsSameEvent(first);

    public async Task SaveAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (_expired.Count > 0)
        {
            var tenants = _expired.Select(row => row.TenantId).Distinct().ToArray();
            var hashes = _expired.Select(row => row.KeyHash).Distinct().ToArray();
            await context.Set<IdempotencyKeyEntity>()
                .Where(row => tenants.Contains(row.TenantId) && hashes.Contains(row.KeyHash) && row.ExpiresAt <= _now)
                .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        }

        // In one order, so that two batches with the same keys cannot wait for each other.
        var rows = _new.OrderBy(row => row.TenantId, StringComparer.Ordinal).ThenBy(row => row.KeyHash, StringComparer.Ordinal);
        await context.InsertRowsAsync(rows.ToArray(), cancellationToken).ConfigureAwait(false);
    }
}
