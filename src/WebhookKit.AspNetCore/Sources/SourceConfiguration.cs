using Microsoft.Extensions.Configuration;
using WebhookKit.Verification;

namespace WebhookKit.Sources;

/// <summary>What configuration says about sources.</summary>
internal sealed class SourceConfiguration(IConfiguration? configuration = null)
{
    private const string Root = "Webhooks:Receiver:Sources";
    private const string Providers = "Webhooks:Receiver:Providers";

    public IEnumerable<string> SourceNames =>
        configuration?.GetSection(Root).GetChildren().Select(section => section.Key) ?? [];

    public static string ProviderKey(string source) => $"{Root}:{source}:Provider";

    public static string SecretsKey(string source) => $"{Root}:{source}:Secrets";

    public static string AllowedAddressesKey(string source) => $"{Root}:{source}:AllowedAddresses";

    public static string TenantSecretsKey(string source, string tenant) => $"{Root}:{source}:Tenants:{tenant}";

    public static string SettingsKey(string source) => $"{Root}:{source}:Settings";

    public static string PublicUrlKey(string source) => $"{Root}:{source}:PublicUrl";

    public IEnumerable<string> GetTenants(string source) =>
        configuration?.GetSection($"{Root}:{source}:Tenants").GetChildren().Select(section => section.Key) ?? [];

    public IReadOnlyList<string> GetAllowedAddresses(string source) =>
        [.. configuration?.GetSection(AllowedAddressesKey(source)).GetChildren().Select(entry => entry.Value ?? "") ?? []];

    public string? GetPublicUrl(string source) => configuration?[PublicUrlKey(source)];

    public IEnumerable<KeyValuePair<string, string>> GetSettings(string source) =>
        configuration?.GetSection(SettingsKey(source)).GetChildren()
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value ?? "")) ?? [];

    public string? GetProvider(string source) => configuration?[ProviderKey(source)];

    /// <summary>A provider of the host's own; null when configuration has none of that name, or it is wrong.</summary>
    public WebhookProvider? FindOwnProvider(string name, List<string> errors) =>
        configuration?.GetSection($"{Providers}:{name}") is { } section && section.GetChildren().Any()
            ? new OwnProvider(section, errors).Read()
            : null;

    /// <summary>A list of texts, or one text; each with the key it was found under.</summary>
    public IReadOnlyList<ConfiguredSecret> GetSecrets(string key)
    {
        if (configuration?.GetSection(key) is not { } section)
        {
            return [];
        }

        IConfigurationSection[] sections = section.Value is null ? [.. section.GetChildren()] : [section];
        return [.. sections.Select(entry => new ConfiguredSecret(entry.Value ?? "", $"configuration key '{entry.Path}'"))];
    }
}
