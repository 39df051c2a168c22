using System.CommandLine;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Input;

/// <summary>Finds an entry of the catalogue.</summary>
internal static class ProviderInput
{
    public static Argument<string> Argument() => new("provider") { Description = "An entry of the catalogue, such as stripe or standard-webhooks." };

    public static WebhookProvider Find(string name) => WebhookProviders.TryGet(name, out var provider)
        ? provider
        : throw new UsageException(
            $"'{name}' is not a provider. Use one of: {string.Join(", ", WebhookProviders.All.Select(entry => entry.Name).Order(StringComparer.Ordinal))}.");
}
