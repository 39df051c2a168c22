using System.Collections.ObjectModel;
using WebhookKit.Subscriptions;

namespace WebhookKit;

/// <summary>What a person says about an endpoint; secrets and the values of custom headers are said apart and never read back.</summary>
public sealed record EndpointSettings
{
    /// <summary>The most characters of <see cref="Description"/>.</summary>
    public const int MaxDescriptionLength = 1_000;

    /// <summary>The most entries of <see cref="Metadata"/>.</summary>
    public const int MaxMetadata = 50;

    /// <summary>The most characters of a key of <see cref="Metadata"/>.</summary>
    public const int MaxMetadataKeyLength = 64;

    /// <summary>The most characters of a value of <see cref="Metadata"/>.</summary>
    public const int MaxMetadataValueLength = 512;

    /// <summary>The most patterns of <see cref="EventTypes"/>.</summary>
    public const int MaxEventTypes = 200;

    /// <summary>The URL that attempts are sent to; kept in its normalised form.</summary>
    public required string Url { get; init; }

    /// <summary>What the endpoint is for, in people's words.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? Description { get; init; }

    /// <summary>What the host wants to keep with the endpoint; never sent.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The subscription: event-type patterns, of which one must match; <c>*</c> wants everything.</summary>
    public IReadOnlyList<string> EventTypes { get; init; } = [];

    /// <summary>The filter that a message of a wanted event type must also meet, as <see cref="ContentFilter"/> reads it.</summary>
    /// <value>Default: <see langword="null"/>, every message of these event types is wanted.</value>
    public string? Filter { get; init; }

    /// <summary>Whether messages with the same ordering key reach it one after the other, in the order of their publishing.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsOrdered { get; init; }

    /// <summary>Whether an ordered message that failed lets those behind it pass until its next attempt.</summary>
    /// <value>Default: <see langword="false"/>, it blocks its ordering key until it is delivered or exhausted.</value>
    public bool SkipFailingHead { get; init; }

    /// <summary>How it is sent to.</summary>
    /// <value>Default: <see cref="EndpointPolicy.Default"/>, as its tenant's policy and the sender's options say.</value>
    public EndpointPolicy Policy { get; init; } = EndpointPolicy.Default;
}
