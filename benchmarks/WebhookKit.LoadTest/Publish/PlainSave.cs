using System.Text.Json;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Publish;

/// <summary>The order and two plain rows: the payload is written just the same.</summary>
internal sealed class PlainSave : ISave
{
    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly IServiceScopeFactory _scopes;
    private readonly string _note;
    private readonly Func<PlainMessage, object> _message;
    private readonly Func<PlainOutboxRow, object> _outboxRow;

    public PlainSave(IServiceScopeFactory scopes, string note)
    {
        _scopes = scopes;
        _note = note;
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<PlainDb>();
        _message = PlainRow.Compile<PlainMessage>(db.RowType("webhook_messages"));
        _outboxRow = PlainRow.Compile<PlainOutboxRow>(db.RowType("webhook_outbox"));
    }

    public async Task SaveAsync(int number, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlainDb>();
        var order = new Order { Id = _ids.NewMessageId().Value, Customer = $"customer-{number}", Total = number };
        db.Orders.Add(order);

        var id = _ids.NewMessageId();
        var now = TimeProvider.System.GetUtcNow();
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new Envelope(OrderPlaced.EventType, now, new OrderPlaced(order.Id, order.Customer, order.Total, _note)), Json.Options);
        db.Add(_message(new PlainMessage(id, order.Customer, OrderPlaced.EventType, MessageDefaults.ContentType, payload, now)));
        db.Add(_outboxRow(new PlainOutboxRow(id, order.Customer)));
        await db.SaveChangesAsync(cancellationToken);
    }

    private sealed record Envelope(string Type, DateTimeOffset Timestamp, OrderPlaced Data);
}
