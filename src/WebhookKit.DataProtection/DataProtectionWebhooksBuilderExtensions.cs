using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookKit.DataProtection.DependencyInjection;
using WebhookKit.DataProtection.Secrets;
using WebhookKit.DependencyInjection;
using WebhookKit.Secrets;

namespace WebhookKit;

/// <summary>Protects secrets with ASP.NET Core Data Protection.</summary>
public static class DataProtectionWebhooksBuilderExtensions
{
    /// <summary>Adds an <see cref="ISecretProtector"/> over the application's Data Protection keys.</summary>
    /// <param name="builder">The builder of <c>AddWebhooks()</c>.</param>
    /// <remarks>
    /// The host says where its keys are kept, by <c>AddDataProtection().PersistKeysTo…</c>; it does not start otherwise. Keys must
    /// outlive what they protect: with a lost key ring no endpoint signs with the secrets it protected. May be called more than once.
    /// </remarks>
    public static WebhooksBuilder UseDataProtection(this WebhooksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDataProtection();
        builder.Services.TryAddSingleton<ISecretProtector, DataProtectionSecretProtector>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, KeyPlaceStartupCheck>());
        return builder;
    }
}
