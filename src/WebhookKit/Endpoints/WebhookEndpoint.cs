using WebhookKit.EventTypes;
using WebhookKit.Subscriptions;

namespace WebhookKit;

/// <summary>A receiver's URL with its subscription and status, as the store keeps it; secrets are kept elsewhere.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>The id; derived from tenant and name for declared endpoints.</summary>
    public required EndpointId Id { get; init; }

    /// <summary>Whose endpoint it is, or <see langword="null"/>: it gets the messages without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The declared name, or <see langword="null"/> for endpoints made at run time.</summary>
    public string? Name { get; init; }

    /// <summary>The normalised URL that attempts are sent to.</summary>
    public required string Url { get; init; }

    /// <summary>The subscription: event-type patterns, of which one must match.</summary>
    /// <value>Empty: no message is wanted.</value>
    public IReadOnlyList<string> EventTypes { get; init; } = [];

    /// <summary>The filter that a message of a wanted event type must also meet, as <see cref="ContentFilter"/> reads it.</summary>
    /// <value><see langword="null"/>: every message of these event types is wanted.</value>
    public string? Filter { get; init; }

    /// <summary>Whether messages with the same ordering key reach it one after the other, in the order of their publishing.</summary>
    /// <value>Default: <see langword="false"/>; one failing message then delays no other.</value>
    public bool IsOrdered { get; init; }

    /// <summary>Whether an ordered message that failed lets those behind it pass until its next attempt.</summary>
    /// <value>Default: <see langword="false"/>, it blocks its ordering key until it is delivered or exhausted.</value>
    public bool SkipFailingHead { get; init; }

    /// <summary>How it is sent to, where it has a say of its own.</summary>
    /// <value><see langword="null"/>: as its tenant's policy and the sender's options say.</value>
    public EndpointPolicy? Policy { get; init; }

    /// <summary>Changes with every edit by a person; 0 for declared endpoints.</summary>
    public long Version { get; init; }

    /// <summary>Changes with every change of the stored secrets or headers; 0 for declared endpoints, which have none.</summary>
    public long SecretsVersion { get; init; }

    /// <summary>The most requests it gets in a period, from all processes together: the rate in force, its own or its tenant's.</summary>
    /// <value><see langword="null"/>: as many as it bears.</value>
    public EndpointRate? Rate { get; init; }

    /// <summary>Whether it takes part in dispatch.</summary>
    public EndpointStatus Status { get; init; }

    /// <summary>Why it has its status.</summary>
    public EndpointStatusReason StatusReason { get; init; }

    /// <summary>
    /// Whether it was left alone, or got less than usual, when it was read, by the store's clock: it asked for less, or
    /// its circuit was not closed.
    /// </summary>
    public bool IsSlowedDown { get; init; }

    /// <summary>Says whether the endpoint wants a message: same tenant, and targeted at it or subscribed to its event type; <see cref="Filter"/> is not asked.</summary>
    public bool Wants(WebhookMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.TenantId != TenantId)
        {
            return false;
        }

        if (message.TargetEndpointId is { } target)
        {
            return target == Id;
        }

        // Asked for every message and endpoint of a tenant: no closure.
        foreach (var pattern in EventTypes)
        {
            if (EventTypeName.Matches(pattern, message.EventType))
            {
                return true;
            }
        }

        return false;
    }
}
