using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WebhookKit.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>A row of <c>webhook_endpoints</c>: what a person or a declaration says about an endpoint.</summary>
internal sealed class EndpointEntity
{
    public EndpointId Id { get; set; }

    public string? TenantId { get; set; }

    public string? Name { get; set; }

    public required string Url { get; set; }

    /// <summary>The subscription's patterns, separated by one space, which no pattern contains.</summary>
    public required string EventTypes { get; set; }

    public string? Filter { get; set; }

    public bool IsOrdered { get; set; }

    public bool SkipFailingHead { get; set; }

    public string? Description { get; set; }

    /// <summary>A JSON object of texts.</summary>
    public string? Metadata { get; set; }

    /// <summary>As <see cref="EndpointPolicy.ToJson"/> writes it.</summary>
    public string? Policy { get; set; }

    public bool IsDeclared { get; set; }

    public long Deployment { get; set; }

    public long Version { get; set; }

    public long SecretsVersion { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public static EndpointEntity From(WebhookEndpoint endpoint, long deployment, DateTimeOffset now) => new()
    {
        Id = endpoint.Id,
        TenantId = endpoint.TenantId,
        Name = endpoint.Name,
        Url = endpoint.Url,
        EventTypes = string.Join(' ', endpoint.EventTypes),
        Filter = endpoint.Filter,
        IsOrdered = endpoint.IsOrdered,
        SkipFailingHead = endpoint.SkipFailingHead,
        Policy = WritePolicy(endpoint.Policy),
        IsDeclared = true,
        Deployment = deployment,
        CreatedAt = now,
        UpdatedAt = now,
    };

    public static EndpointEntity From(RegisteredEndpoint endpoint) => new EndpointEntity
    {
        Id = endpoint.Id,
        TenantId = endpoint.TenantId,
        Url = "",
        EventTypes = "",
        Version = endpoint.Version,
        SecretsVersion = endpoint.SecretsVersion,
        CreatedAt = endpoint.CreatedAt,
        UpdatedAt = endpoint.UpdatedAt,
    }.With(endpoint.Settings);

    public static EndpointEntity From(EndpointSettings settings) => new EndpointEntity { Url = "", EventTypes = "" }.With(settings);

    public RegisteredEndpoint ToRegistered(EndpointStateEntity state) => new()
    {
        Id = Id,
        TenantId = TenantId,
        Name = Name,
        Settings = new EndpointSettings
        {
            Url = Url,
            Description = Description,
            Metadata = MetadataJson.Read(Metadata),
            EventTypes = SplitEventTypes(EventTypes),
            Filter = Filter,
            IsOrdered = IsOrdered,
            SkipFailingHead = SkipFailingHead,
            Policy = ReadPolicy(Policy) ?? EndpointPolicy.Default,
        },
        Rate = state.GetRate(),
        Status = state.Status,
        StatusReason = state.StatusReason,
        Version = Version,
        SecretsVersion = SecretsVersion,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    public WebhookEndpoint ToEndpoint(EndpointStateEntity state, DateTimeOffset now) => new()
    {
        Id = Id,
        TenantId = TenantId,
        Name = Name,
        Url = Url,
        EventTypes = SplitEventTypes(EventTypes),
        Filter = Filter,
        IsOrdered = IsOrdered,
        SkipFailingHead = SkipFailingHead,
        Policy = ReadPolicy(Policy),
        Version = Version,
        SecretsVersion = SecretsVersion,
        Rate = state.GetRate(),
        Status = state.Status,
        StatusReason = state.StatusReason,
        IsSlowedDown = state.SlowedDownUntil > now || state.Circuit != EndpointCircuit.Closed,
    };

    public static string? WritePolicy(EndpointPolicy? policy) => policy is null || policy == EndpointPolicy.Default ? null : policy.ToJson();

    // One that cannot be read was written by hand; the endpoint is then sent to like any other.
    public static EndpointPolicy? ReadPolicy(string? policy) => EndpointPolicy.TryParse(policy, out var read) ? read : null;

    public static string[] SplitEventTypes(string eventTypes) => eventTypes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private EndpointEntity With(EndpointSettings settings)
    {
        Url = settings.Url;
        Description = settings.Description;
        Metadata = MetadataJson.Write(settings.Metadata);
        EventTypes = string.Join(' ', settings.EventTypes);
        Filter = settings.Filter;
        IsOrdered = settings.IsOrdered;
        SkipFailingHead = settings.SkipFailingHead;
        Policy = WritePolicy(settings.Policy);
        return this;
    }
}

internal sealed class EndpointConfiguration : IEntityTypeConfiguration<EndpointEntity>
{
    public void Configure(EntityTypeBuilder<EndpointEntity> builder)
    {
        builder.ToTable("webhook_endpoints");
        builder.HasKey(endpoint => endpoint.Id);
        builder.HasIndex(endpoint => new { endpoint.TenantId, endpoint.Id });
        builder.Property(endpoint => endpoint.Id).ValueGeneratedNever();
        builder.Property(endpoint => endpoint.TenantId).HasMaxLength(MessageDefaults.MaxKeyLength);
        builder.Property(endpoint => endpoint.Name).HasMaxLength(256);
        builder.Property(endpoint => endpoint.Url).HasMaxLength(2048);
        builder.Property(endpoint => endpoint.Description).HasMaxLength(EndpointSettings.MaxDescriptionLength);

        // No bound, whatever a convention of the host says.
        builder.Property(endpoint => endpoint.EventTypes).Metadata.SetMaxLength(null);
        builder.Property(endpoint => endpoint.Filter).Metadata.SetMaxLength(null);
        builder.Property(endpoint => endpoint.Metadata).Metadata.SetMaxLength(null);
        builder.Property(endpoint => endpoint.Policy).Metadata.SetMaxLength(null);
    }
}
