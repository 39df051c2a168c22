using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using WebhookKit.Rendering;
using WebhookKit.Retry;
using WebhookKit.Signing;

namespace WebhookKit.Endpoints;

/// <summary>Finds what holds for an endpoint: its own policy, over its tenant's, over the sender's options.</summary>
internal sealed class EndpointPolicies(
    IOptions<SenderOptions> options, IEnumerable<SignatureScheme> schemes, IEnumerable<PayloadFormat> formats, TenantPolicySource? tenants = null)
{
    private readonly SenderOptions _options = options.Value;
    private readonly SignatureScheme[] _schemes = [.. schemes];
    private readonly PayloadFormat[] _formats = [.. formats];

    public EndpointPolicy Of(WebhookEndpoint endpoint) => Of(endpoint.TenantId, endpoint.Policy);

    public EndpointPolicy Of(string? tenantId, EndpointPolicy? policy)
    {
        var own = policy ?? EndpointPolicy.Default;
        return tenants is null ? own : own.Over(tenants.Find(tenantId));
    }

    public RetrySchedule RetryScheduleOf(WebhookEndpoint endpoint) => Of(endpoint).RetrySchedule ?? _options.RetrySchedule;

    // Leases are counted by the options' deadline: none may be longer.
    public TimeSpan AttemptTimeoutOf(WebhookEndpoint endpoint) =>
        Of(endpoint).AttemptTimeout is { } timeout && timeout < _options.AttemptTimeout ? timeout : _options.AttemptTimeout;

    public int? MaxInFlightOf(WebhookEndpoint endpoint) => Of(endpoint).MaxInFlight;

    public string? ClientCertificateOf(WebhookEndpoint endpoint) => endpoint.Policy?.ClientCertificate ?? tenants?.Find(endpoint.TenantId)?.ClientCertificate;

    public string? PayloadFormatOf(WebhookEndpoint endpoint) => endpoint.Policy?.PayloadFormat ?? tenants?.Find(endpoint.TenantId)?.PayloadFormat;

    public EndpointRate? RateOf(string? tenantId, EndpointPolicy? policy) => policy?.Rate ?? tenants?.Find(tenantId)?.Rate;

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
}

/// <summary>Asks the host for the policy of a tenant.</summary>
internal sealed record TenantPolicySource(Func<string?, EndpointPolicy?> Find);
