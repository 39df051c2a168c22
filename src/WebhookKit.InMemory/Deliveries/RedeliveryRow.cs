namespace WebhookKit.InMemory.Deliveries;

/// <summary>A redelivery as it stands now.</summary>
internal sealed class RedeliveryRow(RedeliveryProgress progress, IEnumerable<DeliveryRow> underWay)
{
    public RedeliveryProgress Progress { get; set; } = progress;

    /// <summary>When its next part may be carried out.</summary>
    public DateTimeOffset DueAt { get; set; } = progress.StartedAt;

    /// <summary>The deliveries that begin anew only if the attempt that was under way fails.</summary>
    public List<DeliveryRow> UnderWay { get; } = [.. underWay];
}
