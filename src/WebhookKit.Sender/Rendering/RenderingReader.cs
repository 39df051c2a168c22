using WebhookKit.Deliveries;
using WebhookKit.Outbox;

namespace WebhookKit.Rendering;

/// <summary>Reads what deliveries in a payload format send, and makes what fan-out could not make.</summary>
internal sealed class RenderingReader(IOutboxStore outbox, PayloadRenderer renderer)
{
    /// <param name="deliveries">The deliveries, most of which have no format.</param>
    /// <param name="messages">Their messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<RenderedMessages> ReadAsync(
        IReadOnlyList<LeasedDelivery> deliveries, IReadOnlyDictionary<MessageId, WebhookMessage> messages, CancellationToken cancellationToken)
    {
        var rendered = new RenderedMessages(messages);
        var wanted = deliveries
            .Where(delivery => delivery.PayloadFormat is not null && messages.ContainsKey(delivery.MessageId))
            .Select(delivery => (delivery.MessageId, Format: delivery.PayloadFormat!))
            .ToHashSet();
        if (wanted.Count == 0)
        {
            return rendered;
        }

        MessageId[] ids = [.. wanted.Select(one => one.MessageId).Distinct()];
        rendered.Add(await outbox.GetRenderingsAsync(ids, cancellationToken).ConfigureAwait(false));

        var made = new List<MessageRendering>();
        foreach (var (messageId, format) in wanted.Where(one => !rendered.Contains(one.MessageId, one.Format)))
        {
            if (renderer.Render(messages[messageId], format, out var error) is { } rendering)
            {
                made.Add(rendering);
            }
            else
            {
                rendered.AddError(messageId, format, error!);
            }
        }

        if (made.Count > 0)
        {
            // Read again: another node may have been faster, and every attempt sends the same bytes.
            await outbox.AddRenderingsAsync(made, cancellationToken).ConfigureAwait(false);
            ids = [.. made.Select(rendering => rendering.MessageId).Distinct()];
            rendered.Add(await outbox.GetRenderingsAsync(ids, cancellationToken).ConfigureAwait(false));
        }

        return rendered;
    }
}
