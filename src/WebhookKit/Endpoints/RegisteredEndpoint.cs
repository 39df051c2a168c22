namespace WebhookKit;

/// <summary>An endpoint as the registry shows it.</summary>
public sealed record RegisteredEndpoint
{
    /// <summary>The id.</summary>
    public required EndpointId Id { get; init; }

    /// <summary>Whose endpoint it is, or <see langword="null"/>: it gets the messages without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The name under which code or configuration declares it, or <see langword="null"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Whether code or configuration declares it: then only its status is the registry's to change.</summary>
    public bool IsDeclared => Name is not null;

    /// <summary>What was said about it.</summary>
    public required EndpointSettings Settings { get; init; }

    /// <summary>The most requests it gets in a period, as dispatch keeps to it: its own rate, or its tenant's when it was last seen.</summary>
    /// <value><see langword="null"/>: as many as it bears.</value>
    public EndpointRate? Rate { get; init; }

    /// <summary>Whether it takes part in dispatch.</summary>
    public EndpointStatus Status { get; init; }

    /// <summary>Why it has its status.</summary>
    public EndpointStatusReason StatusReason { get; init; }

    /// <summary>Changes with every edit of settings or headers: an update presents the one it has read. Health never touches it.</summary>
    public long Version { get; init; }

    /// <summary>Changes with every change of secrets or headers.</summary>
    public long SecretsVersion { get; init; }

    /// <summary>Its secrets without their text, oldest first; empty for declared endpoints, whose secrets are not stored.</summary>
    public IReadOnlyList<EndpointSecret> Secrets { get; init; } = [];

    /// <summary>The names of its custom headers; their values are never shown.</summary>
    public IReadOnlyList<string> HeaderNames { get; init; } = [];

    /// <summary>How its requests are authorized; with what is never shown.</summary>
    public AuthorizationKind Authorization { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When <see cref="Version"/> last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
