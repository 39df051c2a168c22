using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.EventTypes;
using WebhookKit.NetworkSafety;
using WebhookKit.Sending;
using WebhookKit.Signing;
using WebhookKit.Subscriptions;

namespace WebhookKit.Endpoints;

/// <summary>The endpoints that code and configuration declare, validated; secrets stay in memory.</summary>
internal sealed class DeclaredEndpoints
{
    private readonly List<WebhookEndpoint> _all = [];
    private readonly Dictionary<EndpointId, EndpointSigning> _signing = [];
    private readonly List<string> _errors = [];
    private readonly SenderOptions _options;
    private readonly DeclaredSecrets _secrets;
    private readonly EndpointPolicies _policies;
    private readonly ClientCertificates _certificates;

    public DeclaredEndpoints(
        IEnumerable<EndpointDeclaration> declarations,
        IOptions<SenderOptions> options,
        DeclaredSecrets secrets,
        EndpointPolicies policies,
        ClientCertificates certificates,
        IConfiguration? configuration = null)
    {
        _policies = policies;
        _certificates = certificates;
        _errors.AddRange(certificates.Errors);
        _secrets = secrets;
        _options = options.Value;
        foreach (var declaration in Merge(declarations.ToArray(), configuration?.GetSection(SenderDefaults.ConfigurationSection)))
        {
            Add(declaration);
        }
    }

    public IReadOnlyList<WebhookEndpoint> All => _all;

    /// <summary>How each endpoint's requests are signed; empty where nothing is sent.</summary>
    public IReadOnlyDictionary<EndpointId, EndpointSigning> Signing => _signing;

    public IReadOnlyList<string> Errors => _errors;

    private List<EndpointDeclaration> Merge(EndpointDeclaration[] declarations, IConfigurationSection? section)
    {
        var merged = new List<EndpointDeclaration>();
        foreach (var sameName in declarations.GroupBy(declaration => declaration.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (!sameName.All(sameName.First().SaysTheSameAs))
            {
                _errors.Add($"The endpoint '{sameName.Key}' is declared more than once. Keep one AddEndpoint call, or give each its own name.");
            }

            merged.Add(Configure(sameName.First(), section?.GetSection(sameName.Key)));
        }

        foreach (var configured in section?.GetChildren() ?? [])
        {
            if (!merged.Any(declaration => string.Equals(declaration.Name, configured.Key, StringComparison.OrdinalIgnoreCase)))
            {
                merged.Add(Configure(new EndpointDeclaration(configured.Key), configured));
            }
        }

        return merged;
    }

    private EndpointDeclaration Configure(EndpointDeclaration declaration, IConfigurationSection? section) =>
        section is null
            ? declaration
            : declaration.With(
                section["Url"],
                section["TenantId"],
                ReadList(section, "EventTypes"),
                section["Filter"],
                ReadFlag(section, "IsOrdered"),
                ReadFlag(section, "SkipFailingHead"),
                ReadRate(section),
                ReadScheme(section, declaration.SignatureScheme),
                section["SignatureHeaderPrefix"],
                DeclaredAuthorization.Read(section.GetSection("Authorization"), _errors),
                section["ClientCertificate"],
                section["PayloadFormat"],
                ReadList(section, "Secrets"));

    private bool? ReadFlag(IConfigurationSection section, string key)
    {
        if (section[key] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!bool.TryParse(text, out var flag))
        {
            _errors.Add($"{section.Path}:{key} is '{text}'. Set it to true or false.");
        }

        return flag;
    }

    private EndpointRate? ReadRate(IConfigurationSection section)
    {
        if (section["Rate"] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!EndpointRate.TryParse(text, out var rate))
        {
            _errors.Add($"{section.Path}:Rate is '{text}'. Set it to requests and a period, such as 50/s, 100/m or 10/00:00:30.");
        }

        return rate;
    }

    private SignatureScheme? ReadScheme(IConfigurationSection section, SignatureScheme declared)
    {
        // A host's own scheme is known by what the code says.
        if (section["SignatureScheme"] is not { Length: > 0 } name || string.Equals(name, declared.Name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (!SignatureSchemes.TryGet(name, out var scheme))
        {
            _errors.Add($"{section.Path}:SignatureScheme is '{name}'. Set it to one of: "
                + string.Join(", ", SignatureSchemes.All.Select(entry => $"'{entry}'")) + ".");
        }

        return scheme;
    }

    private static string[]? ReadList(IConfigurationSection section, string key)
    {
        var values = section.GetSection(key).GetChildren().Select(child => child.Value ?? "").ToArray();
        return values.Length > 0 ? values : section[key] is { Length: > 0 } single ? [single] : null;
    }

    private void Add(EndpointDeclaration declaration)
    {
        var errorsBefore = _errors.Count;
        var url = ReadUrl(declaration);
        CheckSubscription(declaration);
        CheckPolicy(declaration);
        var signing = _options.IsDispatcherDisabled ? null : EndpointSigning.Read(declaration, _secrets, _options.NetworkPolicy, _errors);
        if (_errors.Count > errorsBefore)
        {
            return;
        }

        var id = EndpointId.Declared(declaration.TenantId, declaration.Name);
        var policy = declaration.Policy with { Rate = declaration.Rate ?? declaration.Policy.Rate };
        if (signing is not null)
        {
            _signing.Add(id, signing);
        }

        _all.Add(new WebhookEndpoint
        {
            Id = id,
            TenantId = declaration.TenantId,
            Name = declaration.Name,
            Url = url!,
            EventTypes = [.. declaration.EventTypes],
            Filter = declaration.Filter,
            IsOrdered = declaration.IsOrdered,
            SkipFailingHead = declaration.SkipFailingHead,
            Policy = policy == EndpointPolicy.Default ? null : policy,
            Rate = _policies.RateOf(declaration.TenantId, policy),
        });
    }

    private void CheckPolicy(EndpointDeclaration declaration)
    {
        var errors = new List<string>();
        PolicyRules.Check(declaration.Policy, _options, errors);
        if (declaration.Policy.SignatureScheme is not null || declaration.Policy.SignatureHeaderPrefix is not null)
        {
            errors.Add("Its policy names a signature: set SignatureScheme or SignatureHeaderPrefix of the declaration itself instead.");
        }

        if (declaration.Policy.ClientCertificate is { } name && !_options.IsDispatcherDisabled && !_certificates.Knows(name))
        {
            errors.Add($"The client certificate '{name}' is unknown: add it by AddClientCertificate, or set its Path under "
                + $"{SenderDefaults.ClientCertificatesSection}:{name}.");
        }

        if (!_options.IsDispatcherDisabled && _policies.FindFormatError(declaration.Policy) is { } error)
        {
            errors.Add(error);
        }

        if (declaration.Rate is not null && declaration.Policy.Rate is not null && declaration.Rate != declaration.Policy.Rate)
        {
            errors.Add($"It has the rate {declaration.Policy.Rate}, and the declaration itself {declaration.Rate}: set one of them.");
        }

        _errors.AddRange(errors.Select(error => $"The endpoint '{declaration.Name}' has a policy that cannot be used. {error}"));
    }

    private string? ReadUrl(EndpointDeclaration declaration)
    {
        if (declaration.Url is null)
        {
            _errors.Add($"The endpoint '{declaration.Name}' has no URL. Set {declaration.KeyOf("Url")}.");
            return null;
        }

        var result = EndpointUrl.Validate(declaration.Url, _options.NetworkPolicy);
        if (!result.IsValid)
        {
            _errors.Add($"The endpoint '{declaration.Name}' cannot be sent to at {Quote(declaration.Url, result.Status)}. {result.Error}"
                + HowToAllow(result.Status));
        }

        return result.Url?.AbsoluteUri;
    }

    // A URL may carry a password or a token in its query; an error must not print either.
    private static string Quote(string url, EndpointUrlStatus status) =>
        status is EndpointUrlStatus.UserInfoNotAllowed or EndpointUrlStatus.TooLong ? "its URL" : $"'{url.Split('?', 2)[0]}'";

    private static string HowToAllow(EndpointUrlStatus status) => status
        is EndpointUrlStatus.SchemeNotAllowed or EndpointUrlStatus.PortNotAllowed
        or EndpointUrlStatus.HostNameNotAllowed or EndpointUrlStatus.AddressNotAllowed
            ? " Each is an option of AddSender(sender => sender.Configure(options => …))."
            : "";

    private void CheckSubscription(EndpointDeclaration declaration)
    {
        if (declaration.EventTypes.Count == 0)
        {
            _errors.Add($"The endpoint '{declaration.Name}' subscribes to nothing. Add event-type patterns in AddEndpoint "
                + $"(e => e.EventTypes.Add(\"order.*\"), or \"*\" for everything) or under {declaration.KeyOf("EventTypes")}.");
        }

        foreach (var pattern in declaration.EventTypes.Where(pattern => !EventTypeName.IsValidPattern(pattern)))
        {
            _errors.Add($"The endpoint '{declaration.Name}' subscribes to '{pattern}', which is not an event-type pattern. "
                + "Use names such as 'invoice.paid', in which whole segments may be '*'.");
        }

        if (declaration.Filter is not null && !ContentFilter.TryParse(declaration.Filter, out _, out var error))
        {
            _errors.Add($"The endpoint '{declaration.Name}' has a filter that cannot be read. {error}");
        }

        if (declaration.TenantId is { } tenant && tenant.Length is 0 or > MessageDefaults.MaxKeyLength)
        {
            _errors.Add($"The endpoint '{declaration.Name}' has a tenant id of {declaration.TenantId.Length} characters. "
                + $"Use 1 to {MessageDefaults.MaxKeyLength}, or none.");
        }
    }
}
