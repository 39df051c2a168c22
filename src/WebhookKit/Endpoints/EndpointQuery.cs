namespace WebhookKit;

/// <summary>Which endpoints to list.</summary>
public sealed record EndpointQuery
{
    /// <summary>The most endpoints on a page: 500.</summary>
    public const int MaxPageSize = 500;

    /// <summary>Whose endpoints.</summary>
    /// <value>Default: <see langword="null"/>, those without a tenant, unless <see cref="AllTenants"/>.</value>
    public string? TenantId { get; init; }

    /// <summary>Whether endpoints of every tenant are listed.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllTenants { get; init; }

    /// <summary>Only endpoints with this status.</summary>
    /// <value>Default: <see langword="null"/>, any.</value>
    public EndpointStatus? Status { get; init; }

    /// <summary>The most endpoints on a page.</summary>
    /// <value>Default: 50; 1 to 500.</value>
    public int PageSize { get; init; } = 50;

    /// <summary>The <see cref="EndpointPage.NextCursor"/> of the page before.</summary>
    /// <value>Default: <see langword="null"/>, the first page.</value>
    public string? Cursor { get; init; }
}
