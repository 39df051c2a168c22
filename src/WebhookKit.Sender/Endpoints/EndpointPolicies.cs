using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using WebhookKit.Rendering;
using WebhookKit.Retry;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>Finds what holds for an endpoint: its own policy, over its tenant's, over the sender's options.</summary>
/// <remarks>
/// While the host cannot say a tenant's policy, nor has before, its endpoints are sent to as often and as fast as the options say;
/// what a receiver would take for a request of somebody else is not guessed: that throws.
/// </remarks>
internal sealed class EndpointPolicies(
    IOptions<SenderOptions> options, IEnumerable<SignatureScheme> schemes, IEnumerable<PayloadFormat> formats, TenantPolicies tenants)
{
    private readonly SenderOptions _options = options.Value;
    private readonly SignatureScheme[] _schemes = [.. schemes];
    private readonly PayloadFormat[] _formats = [.. formats];

    public EndpointPolicy Of(WebhookEndpoint endpoint) => Of(endpoint.TenantId, endpoint.Policy);

    public EndpointPolicy Of(string? tenantId, EndpointPolicy? policy) => (policy ?? EndpointPolicy.Default).Over(OfTenant(tenantId));

    public RetrySchedule RetryScheduleOf(WebhookEndpoint endpoint) =>
        endpoint.Policy?.RetrySchedule ?? OfTenantIfSaid(endpoint)?.RetrySchedule ?? _options.RetrySchedule;

    // Leases are counted by the options' deadline: none may be longer.
    public TimeSpan AttemptTimeoutOf(WebhookEndpoint endpoint) =>
        (endpoint.Policy?.AttemptTimeout ?? OfTenantIfSaid(endpoint)?.AttemptTimeout) is { } timeout && timeout < _options.AttemptTimeout
            ? timeout
            : _options.AttemptTimeout;

    public int? MaxInFlightOf(WebhookEndpoint endpoint) => endpoint.Policy?.MaxInFlight ?? OfTenantIfSaid(endpoint)?.MaxInFlight;

    public EndpointRate? RateOf(string? tenantId, EndpointPolicy? policy) => policy?.Rate ?? OfTenant(tenantId)?.Rate;

    /// <summary>Finds the endpoint's rate; while nobody can say it, the one that is stored holds.</summary>
    public EndpointRate? RateOf(WebhookEndpoint endpoint) =>
        endpoint.Policy?.Rate is { } own ? own
        : tenants.Find(endpoint.TenantId, out var failure) is { } policy ? policy.Rate
        : failure is null ? null
        : endpoint.Rate;

    /// <summary>Finds the name of the endpoint's client certificate, or null where it has none; false while nobody can say it.</summary>
    public bool TryFindCertificateName(WebhookEndpoint endpoint, out string? name)
    {
        Exception? failure = null;
        name = endpoint.Policy?.ClientCertificate ?? tenants.Find(endpoint.TenantId, out failure)?.ClientCertificate;
        return failure is null;
    }

    /// <summary>Finds the name of the endpoint's payload format, or null where it has none; false while nobody can say it.</summary>
    public bool TryFindFormatName(WebhookEndpoint endpoint, out string? name)
    {
        Exception? failure = null;
        name = endpoint.Policy?.PayloadFormat ?? tenants.Find(endpoint.TenantId, out failure)?.PayloadFormat;

        // Where no format was added none can be meant.
        return failure is null || _formats is [];
    }

    /// <summary>Finds the scheme that signs; false when nobody here knows its name.</summary>
    public bool TryFindScheme(EndpointPolicy policy, [NotNullWhen(true)] out SignatureScheme? scheme)
    {
        var name = policy.SignatureScheme ?? SignatureSchemes.StandardWebhooks.Name;
        scheme = _schemes.FirstOrDefault(own => string.Equals(own.Name, name, StringComparison.OrdinalIgnoreCase));
        return scheme is not null || SignatureSchemes.TryGet(name, out scheme);
    }

    /// <summary>The names of schemes that a policy may give.</summary>
    public IEnumerable<string> SchemeNames => _schemes.Concat(SignatureSchemes.All).Select(scheme => scheme.Name).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a payload format; null when nobody here knows its name.</summary>
    public PayloadFormat? FindFormat(string name) =>
        Array.Find(_formats, format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Says what keeps the policy's payload format from being used; null when nothing does.</summary>
    public string? FindFormatError(EndpointPolicy policy) => policy.PayloadFormat is not { } name || FindFormat(name) is not null ? null
        : $"The payload format '{name}' is unknown: "
            + (_formats is [] ? "add it by AddPayloadFormat, or leave it open."
                : $"use one of {string.Join(", ", _formats.Select(format => $"'{format.Name}'"))}, or add your own by AddPayloadFormat.");

    private EndpointPolicy? OfTenantIfSaid(WebhookEndpoint endpoint) => tenants.Find(endpoint.TenantId, out _);

    private EndpointPolicy? OfTenant(string? tenantId)
    {
        var policy = tenants.Find(tenantId, out var failure);
        return failure is null ? policy : throw new InvalidOperationException("The host could not say the policy of the endpoint's tenant.", failure);
    }
}
