namespace WebhookKit;

/// <summary>How far a redelivery has come.</summary>
public sealed record RedeliveryProgress
{
    /// <summary>Its id.</summary>
    public required RedeliveryId Id { get; init; }

    /// <summary>What is sent again.</summary>
    public required RedeliverySelection Selection { get; init; }

    /// <summary>At most so many fall due in a second, over all nodes.</summary>
    public required int MaxPerSecond { get; init; }

    /// <summary>How many deliveries were selected when it began.</summary>
    public required int Count { get; init; }

    /// <summary>How many it has made pending so far.</summary>
    /// <value>
    /// Less than <see cref="Count"/> in the end where deliveries were erased, had succeeded meanwhile, or were sent again by another
    /// redelivery.
    /// </value>
    public required int Done { get; init; }

    /// <summary>When it began, by the store's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was through or was canceled, by the store's clock; until then <see langword="null"/>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it was canceled before it was through.</summary>
    public bool IsCanceled { get; init; }
}
