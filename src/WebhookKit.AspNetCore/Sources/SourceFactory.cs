using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit.Sources;

/// <summary>Makes a snapshot from what code and configuration say, or all the reasons why it cannot.</summary>
internal sealed class SourceFactory(
    IEnumerable<SourceDeclaration> declarations,
    IEnumerable<ConfiguredSources> configuredSources,
    SourceConfiguration configuration,
    TimeProvider timeProvider,
    ISourceSecretStore? secretStore = null)
{
    public SourceSnapshot Create()
    {
        var errors = new List<string>();
        var sources = new List<Source>();
        var declared = declarations.ToArray();
        var template = configuredSources.LastOrDefault()?.Template ?? new SourceDeclaration("", Provider: null);
        var configured = configuration.SourceNames
            .Except(declared.Select(declaration => declaration.Name), StringComparer.OrdinalIgnoreCase)
            .Select(name => template with { Name = name });

        var byName = declared.Concat(configured).GroupBy(source => source.Name, StringComparer.OrdinalIgnoreCase).ToArray();

        foreach (var sameName in byName)
        {
            if (sameName.Count() > 1)
            {
                errors.Add($"The source '{sameName.Key}' is added {sameName.Count()} times. Keep one AddSource call for it.");
            }
            else
            {
                sources.AddRange(Create(sameName.Single(), errors));
            }
        }

        var names = byName.Select(sameName => sameName.Key);
        if (errors.Count == 0)
        {
            return new SourceSnapshot(names, sources, []);
        }

        sources.ForEach(source => source.Release());
        return new SourceSnapshot(names, [], errors);
    }

    private List<Source> Create(SourceDeclaration declaration, List<string> errors)
    {
        var errorsBefore = errors.Count;
        if (!SourceName.IsValid(declaration.Name))
        {
            errors.Add($"'{declaration.Name}' is not a source name. Use 1 to {SourceName.MaxLength} ASCII letters, digits, '-', '_' or '.'.");
        }

        var provider = FindProvider(declaration, errors);
        var secrets = FindSecrets(declaration);
        var tenants = FindTenantSecrets(declaration);
        if (secrets.Count == 0 && tenants.Count == 0 && provider is not { RequiresSecret: false } && !LearnsSecrets(provider))
        {
            errors.Add(NoSecret(declaration));
        }

        foreach (var secret in secrets.Concat(tenants.SelectMany(tenant => tenant.Secrets)))
        {
            if (provider?.ValidateSecret(secret.Text) is { } error)
            {
                errors.Add($"A secret of source '{declaration.Name}' ({secret.Origin}) cannot be used. {error}");
            }
        }

        var known = declaration with
        {
            Settings = FindSettings(declaration, provider, errors),
            PublicUrl = FindPublicUrl(declaration, errors),
        };
        var addresses = FindAddresses(declaration, errors);
        if (provider is null || errors.Count > errorsBefore)
        {
            return [];
        }

        // Each tenant is a source of its own under the same name; without a secret for all there is none for all.
        var created = secrets.Count == 0 && tenants.Count > 0 ? [] : new List<Source?> { Create(known, provider, secrets, addresses, errors) };
        created.AddRange(tenants.Select(tenant =>
            Create(known with { TenantId = tenant.TenantId }, provider, tenant.Secrets, addresses, errors)));
        return [.. created.OfType<Source>()];
    }

    private Source? Create(
        SourceDeclaration declaration,
        WebhookProvider provider,
        IReadOnlyList<ConfiguredSecret> secrets,
        AddressList addresses,
        List<string> errors)
    {
        var context = new VerifierContext
        {
            Secrets = [.. secrets.Select(secret => secret.Text)],
            Tolerance = declaration.Tolerance ?? provider.DefaultTolerance,
            TimeProvider = timeProvider,
            Settings = declaration.Settings,
        };
        if (secrets.Count > 0 && provider.ValidateSecrets(context.Secrets) is { } missing)
        {
            var ofTenant = declaration.TenantId is { } tenant ? $" for tenant '{tenant}'" : "";
            errors.Add($"The secrets of source '{declaration.Name}'{ofTenant} are not enough. {missing}");
            return null;
        }

        try
        {
            if (!LearnsSecrets(provider))
            {
                return new Source(declaration, provider, context.Secrets, addresses, provider.CreateVerifier(context));
            }

            var verifier = new LearnedSecretsVerifier(provider, context, secretStore!, declaration.Name, declaration.TenantId);
            return new Source(declaration, provider, context.Secrets, addresses, verifier)
            {
                // Secrets of the source itself are no tenant's.
                LearningTenants = declaration.TenantId is null
                    ? new LearningTenants(tenant => Create(declaration with { TenantId = tenant }, provider, [], addresses, errors: []))
                    : null,
            };
        }
        catch (Exception exception)
        {
            // The exception may quote a secret: only its kind is named.
            errors.Add($"The provider '{provider.Name}' refuses the {secrets.Count} secrets of source '{declaration.Name}' "
                + $"({exception.GetType().Name}). Keep only the secrets that are live; most providers allow at most 10.");
            return null;
        }
    }

    private bool LearnsSecrets(WebhookProvider? provider) => provider is { LearnsSecrets: true } && secretStore is not null;

    private WebhookProvider? FindProvider(SourceDeclaration declaration, List<string> errors)
    {
        var name = configuration.GetProvider(declaration.Name);
        if (name is null && declaration.Provider is null)
        {
            errors.Add($"The source '{declaration.Name}' has no provider. Set '{SourceConfiguration.ProviderKey(declaration.Name)}' "
                + $"to one of: {KnownProviders}.");
            return null;
        }

        if (name is null || string.Equals(name, declaration.Provider?.Name, StringComparison.OrdinalIgnoreCase))
        {
            return declaration.Provider;
        }

        if (WebhookProviders.TryGet(name, out var provider))
        {
            return provider;
        }

        var errorsBefore = errors.Count;
        provider = configuration.FindOwnProvider(name, errors);
        if (provider is null && errors.Count == errorsBefore)
        {
            errors.Add($"'{name}' ('{SourceConfiguration.ProviderKey(declaration.Name)}') is not a provider. Describe your own under "
                + $"'Webhooks:Receiver:Providers:{name}', or use one of: {KnownProviders}.");
        }

        return provider;
    }

    private IReadOnlyList<ConfiguredSecret> FindSecrets(SourceDeclaration declaration)
    {
        var secrets = configuration.GetSecrets(SourceConfiguration.SecretsKey(declaration.Name));
        if (secrets.Count == 0 && declaration.SecretsKey is not null)
        {
            secrets = configuration.GetSecrets(declaration.SecretsKey);
        }

        return secrets.Count > 0
            ? secrets
            : [.. declaration.Secrets.Select((text, index) => new ConfiguredSecret(text, $"AddSecret call {index + 1}"))];
    }

    private Dictionary<string, string> FindSettings(SourceDeclaration declaration, WebhookProvider? provider, List<string> errors)
    {
        var settings = new Dictionary<string, string>(declaration.Settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in configuration.GetSettings(declaration.Name))
        {
            settings[name] = value;
        }

        if (provider is null)
        {
            return settings;
        }

        foreach (var name in settings.Keys.Except(provider.Settings.Select(setting => setting.Name), StringComparer.OrdinalIgnoreCase))
        {
            var known = provider.Settings.Count == 0 ? "it has none" : $"use {string.Join(", ", provider.Settings.Select(setting => $"'{setting.Name}'"))}";
            errors.Add($"'{name}' of source '{declaration.Name}' is not a setting of the provider '{provider.Name}': {known}.");
        }

        foreach (var setting in provider.Settings.Where(setting => setting.Values.Count > 0
            && settings.TryGetValue(setting.Name, out var value) && !setting.Values.Contains(value, StringComparer.Ordinal)))
        {
            errors.Add($"'{settings[setting.Name]}' of source '{declaration.Name}' is no value of the setting '{setting.Name}': use "
                + $"{string.Join(", ", setting.Values.Select(value => $"'{value}'"))}. {setting.Description}");
        }

        foreach (var setting in provider.Settings.Where(setting => setting.IsRequired && !settings.ContainsKey(setting.Name)))
        {
            errors.Add($"The source '{declaration.Name}' needs the setting '{setting.Name}'. {setting.Description} Set the configuration "
                + $"key '{SourceConfiguration.SettingsKey(declaration.Name)}:{setting.Name}' or call source.Set(\"{setting.Name}\", …).");
        }

        return settings;
    }

    private Uri? FindPublicUrl(SourceDeclaration declaration, List<string> errors)
    {
        if (configuration.GetPublicUrl(declaration.Name) is not { } text)
        {
            return declaration.PublicUrl;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            errors.Add($"'{text}' ('{SourceConfiguration.PublicUrlKey(declaration.Name)}') is not a URL. Give what the sender calls, "
                + "for example 'https://hooks.example.com'.");
        }

        return url;
    }

    private List<(string TenantId, IReadOnlyList<ConfiguredSecret> Secrets)> FindTenantSecrets(SourceDeclaration declaration)
    {
        var tenants = declaration.TenantSecrets.Select(tenant => tenant.Key)
            .Union(configuration.GetTenants(declaration.Name), StringComparer.OrdinalIgnoreCase);
        return [.. tenants.Select(tenant =>
        {
            var secrets = configuration.GetSecrets(SourceConfiguration.TenantSecretsKey(declaration.Name, tenant));
            return (tenant, secrets.Count > 0
                ? secrets
                : [.. declaration.TenantSecrets[tenant].Select((text, index) => new ConfiguredSecret(text, $"AddTenantSecret call {index + 1} of '{tenant}'"))]);
        })];
    }

    private AddressList FindAddresses(SourceDeclaration declaration, List<string> errors)
    {
        var wrong = new List<string>();
        var configured = configuration.GetAllowedAddresses(declaration.Name);
        var addresses = AddressList.Parse(configured.Count > 0 ? configured : declaration.AllowedAddresses, wrong);
        foreach (var text in wrong)
        {
            errors.Add($"'{text}' in the allowed addresses of source '{declaration.Name}' is neither an address nor a network. Write "
                + "'203.0.113.7' or '203.0.113.0/24'.");
        }

        return addresses;
    }

    private static string NoSecret(SourceDeclaration declaration)
    {
        var key = declaration.SecretsKey ?? SourceConfiguration.SecretsKey(declaration.Name);
        var members = key.Split(':');
        var json = string.Concat(members.Select(member => $"{{\"{member}\":"))
            + "[\"<the secret the sender shows you>\"]" + new string('}', members.Length);
        return $"The source '{declaration.Name}' has no secret. Set the configuration key '{key}', for example by {json}.";
    }

    private static string KnownProviders => string.Join(", ", WebhookProviders.All.Select(provider => $"'{provider.Name}'"));
}
