namespace WebhookKit.Secrets;

/// <summary>Whose secret it is: one that is moved to another owner cannot be read there.</summary>
/// <param name="TenantId">The tenant, or null for an owner without one.</param>
/// <param name="Id">The owner's own id, such as the text of an <see cref="EndpointId"/>.</param>
public readonly record struct SecretOwner(string? TenantId, string Id)
{
    /// <summary>The owner of the secrets of an endpoint that code or configuration declares.</summary>
    /// <param name="tenantId">The endpoint's tenant, or null.</param>
    /// <param name="name">The endpoint's name.</param>
    public static SecretOwner DeclaredEndpoint(string? tenantId, string name) =>
        new(tenantId, EndpointId.Declared(tenantId, name).ToString());
}
