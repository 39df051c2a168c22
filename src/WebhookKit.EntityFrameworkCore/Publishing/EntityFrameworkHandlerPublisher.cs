using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Publishing;

namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Adds messages to the context of the handler's scope; its <c>SaveChanges</c> and commit follow the handler.</summary>
internal sealed class EntityFrameworkHandlerPublisher(StoreDatabase database, IServiceProvider scope) : IHandlerPublisher
{
    public ValueTask<MessageId> PublishRawAsync(RawEvent rawEvent, PublishOptions? options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.GetContext(scope).PublishWebhook(rawEvent, options));
}
