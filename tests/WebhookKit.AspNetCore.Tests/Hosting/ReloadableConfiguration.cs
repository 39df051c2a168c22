using Microsoft.Extensions.Configuration;

namespace WebhookKit.AspNetCore.Tests.Hosting;

/// <summary>Configuration that a test changes while the host runs.</summary>
internal sealed class ReloadableConfiguration : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public ReloadableConfiguration With(string key, string? value)
    {
        Set(key, value);
        return this;
    }

    public void Reload() => OnReload();
}
