using Microsoft.Extensions.Options;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.EventTypes;
using WebhookKit.NetworkSafety;
using WebhookKit.Signing;
using WebhookKit.Subscriptions;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Validates what people say about endpoints; every error names its cure, and none quotes a secret or a query.</summary>
internal sealed class SettingsValidator(IOptionsMonitor<SenderOptions> options, EndpointPolicies policies)
{
    /// <summary>Returns the settings to keep, the URL normalised; adds what is wrong with them to the errors.</summary>
    public EndpointSettings Validate(EndpointSettings settings, string? tenantId, List<string> errors)
    {
        var url = EndpointUrl.Validate(settings.Url, options.CurrentValue.NetworkPolicy);
        if (url.Error is { } error)
        {
            errors.Add(error);
        }

        CheckTexts(settings, errors);
        CheckSubscription(settings, errors);
        CheckPolicy(settings.Policy, tenantId, errors);
        return url.Url is { } normalised ? settings with { Url = normalised.AbsoluteUri } : settings;
    }

    /// <summary>Finds the scheme that signs for an endpoint of the tenant with this policy.</summary>
    public SignatureScheme? FindScheme(EndpointPolicy policy, string? tenantId) =>
        policies.TryFindScheme(policies.Of(tenantId, policy), out var scheme) ? scheme : null;

    /// <summary>The rate in force for an endpoint of the tenant with this policy.</summary>
    public EndpointRate? RateOf(EndpointPolicy policy, string? tenantId) => policies.RateOf(tenantId, policy);

    /// <summary>Validates custom headers; null when they may be kept.</summary>
    public string? CheckHeaders(IEnumerable<KeyValuePair<string, string>> headers, EndpointPolicy policy, string? tenantId) =>
        EndpointHeaders.Validate(headers, PrefixOf(policy, tenantId)).Error;

    /// <summary>Adds to the errors what keeps an authorization from being used beside these custom headers.</summary>
    public void CheckAuthorization(
        EndpointAuthorization? authorization, IEnumerable<string> headerNames, EndpointPolicy policy, string? tenantId, List<string> errors)
    {
        if (authorization is not null)
        {
            AuthorizationRules.Check(authorization, options.CurrentValue.NetworkPolicy, PrefixOf(policy, tenantId), headerNames, errors);
        }
    }

    private string? PrefixOf(EndpointPolicy policy, string? tenantId) =>
        policies.Of(tenantId, policy).SignatureHeaderPrefix ?? FindScheme(policy, tenantId)?.HeaderPrefix;

    private static void CheckTexts(EndpointSettings settings, List<string> errors)
    {
        if (settings.Description?.Length > EndpointSettings.MaxDescriptionLength)
        {
            errors.Add($"The description is too long: use at most {EndpointSettings.MaxDescriptionLength:N0} characters.");
        }

        if (settings.Metadata.Count > EndpointSettings.MaxMetadata)
        {
            errors.Add($"There are {settings.Metadata.Count} entries of metadata: use at most {EndpointSettings.MaxMetadata}.");
        }

        if (settings.Metadata.Any(entry =>
            entry.Key.Length is 0 or > EndpointSettings.MaxMetadataKeyLength
            || entry.Value is null or { Length: > EndpointSettings.MaxMetadataValueLength }))
        {
            errors.Add($"An entry of metadata is too long or has no key: use keys of 1 to {EndpointSettings.MaxMetadataKeyLength} and values of at most "
                + $"{EndpointSettings.MaxMetadataValueLength} characters.");
        }

        // PostgreSQL keeps no U+0000 in a text.
        if (settings.Metadata.SelectMany(entry => new[] { entry.Key, entry.Value }).Append(settings.Description)
            .Any(text => text?.Contains('\0', StringComparison.Ordinal) is true))
        {
            errors.Add("The description or the metadata holds the character U+0000, which cannot be stored: leave it out.");
        }
    }

    private static void CheckSubscription(EndpointSettings settings, List<string> errors)
    {
        if (settings.EventTypes.Count is 0 or > EndpointSettings.MaxEventTypes)
        {
            errors.Add($"The subscription has {settings.EventTypes.Count} event-type patterns: use 1 to {EndpointSettings.MaxEventTypes}, "
                + "such as 'order.*', or '*' for everything.");
        }

        foreach (var pattern in settings.EventTypes.Where(pattern => !EventTypeName.IsValidPattern(pattern)))
        {
            errors.Add($"'{pattern}' is not an event-type pattern: use names such as 'invoice.paid', in which whole segments may be '*'.");
        }

        if (settings.Filter is not null && !ContentFilter.TryParse(settings.Filter, out _, out var error))
        {
            errors.Add($"The filter cannot be read. {error}");
        }
    }

    private void CheckPolicy(EndpointPolicy policy, string? tenantId, List<string> errors)
    {
        PolicyRules.Check(policy, options.CurrentValue, errors);
        if (FindScheme(policy, tenantId) is null)
        {
            errors.Add($"The signature scheme '{policy.SignatureScheme}' is unknown: use one of "
                + string.Join(", ", policies.SchemeNames.Select(name => $"'{name}'")) + ", or add your own by AddSignatureScheme.");
        }

        if (policies.FindFormatError(policy) is { } error)
        {
            errors.Add(error);
        }

        if (policy.SignatureHeaderPrefix is { } prefix && !SignatureScheme.IsValidHeaderPrefix(prefix))
        {
            errors.Add($"The signature header prefix is '{prefix}': use 1 to 64 ASCII letters, digits or '-', without '-' at either end.");
        }
    }
}
