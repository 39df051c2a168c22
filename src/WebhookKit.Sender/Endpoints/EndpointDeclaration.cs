using WebhookKit.Signing;
using WebhookKit.Subscriptions;

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

    /// <summary>What a message must also meet to be wanted, as <see cref="ContentFilter"/> reads it: <c>{"data":{"amount":{"$gte":100}}}</c>.</summary>
    /// <value>Default: <see langword="null"/>, every message of <see cref="EventTypes"/> is wanted.</value>
    public string? Filter { get; set; }

    /// <summary>Whose endpoint it is.</summary>
    /// <value>Default: <see langword="null"/>, it gets the messages without a tenant.</value>
    public string? TenantId { get; set; }

    /// <summary>Whether messages with the same ordering key reach it one after the other, in the order of their publishing.</summary>
    /// <value>Default: <see langword="false"/>. Messages without <see cref="PublishOptions.OrderingKey"/> are not affected.</value>
    public bool IsOrdered { get; set; }

    /// <summary>Whether an ordered message that failed lets those behind it pass; it is then retried outside the order.</summary>
    /// <value>Default: <see langword="false"/>, it blocks its ordering key until it is delivered or exhausted.</value>
    public bool SkipFailingHead { get; set; }

    /// <summary>The most requests it gets in a period, from all processes together: <c>EndpointRate.PerSecond(50)</c>.</summary>
    /// <value>Default: <see langword="null"/>, as many as it bears. The configuration writes <c>50/s</c>, <c>100/m</c> or <c>1000/h</c>.</value>
    public EndpointRate? Rate { get; set; }

    /// <summary>The live secrets, all of which sign: during a rotation the new and the old one. For tests.</summary>
    /// <value>Default: empty; the configuration's replace them.</value>
    public IList<string> Secrets { get; private set; } = [];

    /// <summary>How its requests are signed: an entry of <see cref="SignatureSchemes"/>, or one of the host's own.</summary>
    /// <value>Default: <see cref="SignatureSchemes.StandardWebhooks"/>. The configuration names an entry of the catalogue.</value>
    public SignatureScheme SignatureScheme { get; set; } = SignatureSchemes.StandardWebhooks;

    /// <summary>What the names of the signature's headers begin with: <c>acme</c> makes <c>acme-signature</c>.</summary>
    /// <value>Default: <see langword="null"/>, the scheme's own.</value>
    public string? SignatureHeaderPrefix { get; set; }

    /// <summary>What its requests show beside the signature.</summary>
    /// <value>Default: <see langword="null"/>, nothing; the configuration's (<c>Authorization:Type</c> and what belongs to it) replaces it.</value>
    public EndpointAuthorization? Authorization { get; set; }

    /// <summary>Its own retry schedule, deadline, attempts at once and client certificate; what it leaves open is as for others of its tenant.</summary>
    /// <value>Default: <see cref="EndpointPolicy.Default"/>. Its signature is said by <see cref="SignatureScheme"/>.</value>
    public EndpointPolicy Policy { get; set; } = EndpointPolicy.Default;

    internal string? Url { get; init; }

    internal string KeyOf(string value) => $"{SenderDefaults.ConfigurationSection}:{Name}:{value}";

    /// <summary>Whether both say the same, as when a host registers twice.</summary>
    internal bool SaysTheSameAs(EndpointDeclaration other) =>
        Url == other.Url
        && TenantId == other.TenantId
        && Filter == other.Filter
        && (IsOrdered, SkipFailingHead) == (other.IsOrdered, other.SkipFailingHead)
        && Rate == other.Rate
        && SignatureScheme.Name == other.SignatureScheme.Name
        && SignatureHeaderPrefix == other.SignatureHeaderPrefix
        && Authorization == other.Authorization
        && Policy.ToJson() == other.Policy.ToJson()
        && EventTypes.SequenceEqual(other.EventTypes)
        && Secrets.SequenceEqual(other.Secrets);

    /// <summary>Returns this declaration with what the configuration says in place of what the code says.</summary>
    internal EndpointDeclaration With(
        string? url,
        string? tenantId,
        IList<string>? eventTypes,
        string? filter,
        bool? isOrdered,
        bool? skipFailingHead,
        EndpointRate? rate,
        SignatureScheme? signatureScheme,
        string? signatureHeaderPrefix,
        EndpointAuthorization? authorization,
        string? clientCertificate,
        string? payloadFormat,
        IList<string>? secrets) =>
        new(Name)
        {
            Url = url ?? Url,
            TenantId = tenantId ?? TenantId,
            EventTypes = eventTypes ?? EventTypes,
            Filter = filter ?? Filter,
            IsOrdered = isOrdered ?? IsOrdered,
            SkipFailingHead = skipFailingHead ?? SkipFailingHead,
            Rate = rate ?? Rate,
            SignatureScheme = signatureScheme ?? SignatureScheme,
            SignatureHeaderPrefix = signatureHeaderPrefix ?? SignatureHeaderPrefix,
            Authorization = authorization ?? Authorization,
            Policy = Policy with
            {
                ClientCertificate = clientCertificate ?? Policy.ClientCertificate,
                PayloadFormat = payloadFormat ?? Policy.PayloadFormat,
            },
            Secrets = secrets ?? Secrets,
        };
}
