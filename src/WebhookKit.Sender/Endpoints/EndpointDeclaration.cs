namespace WebhookKit;

/// <summary>An endpoint that the host's code or configuration declares.</summary>
public sealed class EndpointDeclaration
{
    internal EndpointDeclaration(string name)
    {
        Name = name;
    }

    /// <summary>The name, which with the tenant gives the endpoint's id.</summary>
    public string Name { get; }

    /// <summary>The subscription: event-type patterns such as <c>invoice.*</c>, or <c>*</c> for everything.</summary>
    public IList<string> EventTypes { get; private set; } = [];

    /// <summary>Whose endpoint it is.</summary>
    /// <value>Default: <see langword="null"/>, it gets the messages without a tenant.</value>
    public string? TenantId { get; set; }

    /// <summary>The live secrets, all of which sign: during a rotation the new and the old one. For tests.</summary>
    /// <value>Default: empty; the configuration's replace them.</value>
    public IList<string> Secrets { get; private set; } = [];

    internal string? Url { get; init; }

    /// <summary>Whether both say the same, as when a host registers twice.</summary>
    internal bool SaysTheSameAs(EndpointDeclaration other) =>
        Url == other.Url
        && TenantId == other.TenantId
        && EventTypes.SequenceEqual(other.EventTypes)
        && Secrets.SequenceEqual(other.Secrets);

    /// <summary>Returns this declaration with what the configuration says in place of what the code says.</summary>
    internal EndpointDeclaration With(string? url, string? tenantId, IList<string>? eventTypes, IList<string>? secrets) => new(Name)
    {
        Url = url ?? Url,
        TenantId = tenantId ?? TenantId,
        EventTypes = eventTypes ?? EventTypes,
        Secrets = secrets ?? Secrets,
    };
}
