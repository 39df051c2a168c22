using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Handshakes;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Erasure;

namespace WebhookKit.EntityFrameworkCore.Erasure;

/// <summary>Erases content in the host's own database.</summary>
internal sealed class EntityFrameworkErasureStore(StoreDatabase database, DeliveryStatements statements) : IErasureStore
{
    public async ValueTask<ErasureProgress> EraseMessageAsync(MessageId id, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var messages = await context.Set<MessageEntity>()
                .Where(message => message.Id == id || message.DuplicateOf == id)
                .OrderBy(message => message.Id)
                .Select(message => message.Id)
                .ToListAsync(token).ConfigureAwait(false);
            return await MessageErasure.EraseAsync(context, statements.Current, messages, now, token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ErasureBatch> EraseMessagesAsync(string tenantId, int maxMessages, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var size = TurnSize.Limit(context, maxMessages);
            // A range of one value instead of equality: ordered by it, no plan is left but the index that begins with the
            // tenant. With equality the database may walk all messages by id, in the hope of meeting the tenant's soon.
            var messages = await context.Set<MessageEntity>()
                .Where(message => string.Compare(message.TenantId, tenantId) >= 0 && string.Compare(message.TenantId, tenantId) <= 0
                    && message.ErasedAt == null)
                .OrderBy(message => message.TenantId).ThenBy(message => message.Id)
                .Take(size)
                .Select(message => message.Id)
                .ToListAsync(token).ConfigureAwait(false);
            var erased = await MessageErasure.EraseAsync(context, statements.Current, messages, now, token).ConfigureAwait(false);
            return new ErasureBatch(erased, HasMore: messages.Count == size);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ErasureBatch> EraseInboxEntriesAsync(string tenantId, int maxEntries, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            var size = TurnSize.Limit(context, maxEntries);
            // Says too that there is a tenant, in the words of the index.
            var ofTenant = context.Set<InboxEntity>()
                .Where(entry => entry.TenantId == tenantId && entry.TenantId != "" && entry.ErasedAt == null);
            var keys = await ofTenant
                .OrderBy(entry => entry.Key)
                .Take(size)
                .Select(entry => entry.Key)
                .ToListAsync(token).ConfigureAwait(false);
            var erased = await InboxErasure.EraseAsync(
                ofTenant.Where(entry => keys.Contains(entry.Key)), now, token).ConfigureAwait(false);
            return new ErasureBatch(new ErasureProgress(InboxEntries: erased), HasMore: keys.Count == size);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> EraseEndpointsAsync(string tenantId, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(async (context, now, token) =>
        {
            await context.Set<SourceSecretEntity>()
                .Where(secret => secret.TenantId == tenantId && secret.TenantId != "")
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
            var ofTenant = context.Set<EndpointEntity>().Where(endpoint => endpoint.TenantId == tenantId);
            await ofTenant.ExecuteUpdateAsync(
                endpoint => endpoint
                    .SetProperty(e => e.Url, "")
                    .SetProperty(e => e.Description, (string?)null)
                    .SetProperty(e => e.Metadata, (string?)null)
                    .SetProperty(e => e.Filter, (string?)null)
                    .SetProperty(e => e.Policy, (string?)null)
                    .SetProperty(e => e.Version, e => e.Version + 1)
                    .SetProperty(e => e.SecretsVersion, e => e.SecretsVersion + 1),
                token).ConfigureAwait(false);
            await context.Set<EndpointSecretEntity>()
                .Where(secret => ofTenant.Any(endpoint => endpoint.Id == secret.EndpointId))
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
            return await context.Set<EndpointStateEntity>()
                .Where(state => state.StatusReason != EndpointStatusReason.Erased
                    && ofTenant.Any(endpoint => endpoint.Id == state.EndpointId))
                .ExecuteUpdateAsync(
                    state => state
                        .SetProperty(s => s.Status, EndpointStatus.Disabled)
                        .SetProperty(s => s.StatusReason, EndpointStatusReason.Erased)
                        .SetProperty(s => s.DeletedAt, now),
                    token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<DateTimeOffset?> GetErasedAtAsync(MessageId id, CancellationToken cancellationToken) =>
        await database.ReadAsync(context => context.Set<MessageEntity>()
            .Where(message => message.Id == id)
            .Select(message => message.ErasedAt)
            .FirstOrDefaultAsync(cancellationToken)).ConfigureAwait(false);
}
