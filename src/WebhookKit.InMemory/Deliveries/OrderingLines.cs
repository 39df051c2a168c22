namespace WebhookKit.InMemory.Deliveries;

/// <summary>The pending deliveries that keep an order, by endpoint and ordering key: the first may be sent, the others wait.</summary>
internal sealed class OrderingLines
{
    private readonly Dictionary<(EndpointId, string), LinkedList<DeliveryRow>> _lines = [];

    /// <summary>Adds a delivery at the end.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool Join(DeliveryRow row)
    {
        var key = (row.EndpointId, row.OrderingKey!);
        if (!_lines.TryGetValue(key, out var line))
        {
            _lines.Add(key, line = []);
        }

        row.Place = line.AddLast(row);
        return line.Count == 1;
    }

    /// <summary>Takes a delivery out.</summary>
    /// <returns>The one that is first from now on, or <see langword="null"/>.</returns>
    public DeliveryRow? Leave(DeliveryRow row)
    {
        if (row.Place?.List is not { } line)
        {
            return null;
        }

        line.Remove(row.Place);
        row.Place = null;
        if (line.First is null)
        {
            _lines.Remove((row.EndpointId, row.OrderingKey!));
        }

        return line.First?.Value;
    }
}
