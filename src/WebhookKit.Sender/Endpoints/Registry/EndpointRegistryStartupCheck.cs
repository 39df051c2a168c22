using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookKit.DependencyInjection;
using WebhookKit.Secrets;

namespace WebhookKit.Endpoints.Registry;

/// <summary>Reports a store that would keep secrets as plain text, and limits out of bounds.</summary>
internal sealed class EndpointRegistryStartupCheck(IServiceProvider services, IOptions<EndpointRegistryOptions> options) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        if (options.Value.MaxEndpointsPerTenant is < 1 or > 100_000)
        {
            yield return $"EndpointRegistryOptions.MaxEndpointsPerTenant is {options.Value.MaxEndpointsPerTenant}: set it from 1 to 100,000.";
        }

        if (options.Value.SecretExpiryNotice < TimeSpan.Zero || options.Value.SecretExpiryNotice > SecretRotation.MaxOverlap)
        {
            yield return $"EndpointRegistryOptions.SecretExpiryNotice is {options.Value.SecretExpiryNotice}: set it from zero to "
                + $"{SecretRotation.MaxOverlap.Days} days.";
        }

        if (services.GetService<ISecretProtector>() is null
            && !options.Value.AllowPlaintextSecrets
            && services.GetService<IEndpointRegistryStore>() is { IsDurable: true })
        {
            yield return "The endpoint registry would keep secrets as plain text in the database. Add .UseDataProtection() of the package "
                + "WebhookKit.DataProtection, or register an ISecretProtector of your own; to keep plain text all the same, set "
                + "EndpointRegistryOptions.AllowPlaintextSecrets: AddEndpointRegistry(options => options.AllowPlaintextSecrets = true).";
        }
    }
}
