namespace WebhookKit.Deliveries;

/// <summary>One HTTP request for a delivery, as it is recorded.</summary>
public sealed record Attempt
{
    /// <summary>The id.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>Counts from 1 within the cycle; given by the store at completion, <see langword="null"/> for a late one.</summary>
    public int? Number { get; init; }

    /// <summary>When it began, by the sender's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What it came to.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>The HTTP status, where there was a response.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The first bytes of the response's body, at most 8 KiB.</summary>
    public ReadOnlyMemory<byte> Response { get; init; }

    /// <summary>What a person should know, without anything that reveals an internal network.</summary>
    public string? Error { get; init; }

    /// <summary>Recorded by an owner whose lease had passed to another; it changed no status.</summary>
    public bool IsLate { get; init; }
}
