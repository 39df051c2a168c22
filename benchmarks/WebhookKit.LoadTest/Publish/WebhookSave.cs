using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Publish;

/// <summary>The order and one webhook.</summary>
internal sealed class WebhookSave(IServiceScopeFactory scopes, string note) : ISave
{
    private readonly IdGenerator _ids = new(TimeProvider.System);

    public async Task SaveAsync(int number, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LoadDb>();
        var order = new Order { Id = _ids.NewMessageId().Value, Customer = $"customer-{number}", Total = number };
        db.Orders.Add(order);
        db.PublishWebhook(new OrderPlaced(order.Id, order.Customer, order.Total, note), new PublishOptions { TenantId = order.Customer });
        await db.SaveChangesAsync(cancellationToken);
    }
}
