using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using WebhookKit.DependencyInjection;

namespace WebhookKit.DataProtection.DependencyInjection;

/// <summary>Reports keys that nobody has said where to keep: Data Protection then takes a place that a new container may not have.</summary>
internal sealed class KeyPlaceStartupCheck(IOptions<KeyManagementOptions> options) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        if (options.Value.XmlRepository is null)
        {
            yield return "Secrets are protected with Data Protection, but it has not been told where to keep its keys: once they are lost, "
                + "so are the secrets. Call services.AddDataProtection().PersistKeysToFileSystem(…), or another PersistKeysTo… method, "
                + "and SetApplicationName(…), the same on every node.";
        }
    }
}
