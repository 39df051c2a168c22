using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.EntityFrameworkCore.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Model;
using WebhookKit.EntityFrameworkCore.Publishing;

namespace WebhookKit;

/// <summary>Keeps WebhookKit's data in the application's own database.</summary>
public static class EntityFrameworkCoreWebhooksBuilderExtensions
{
    private const string Name = nameof(UseEntityFrameworkCore);

    private static readonly CaptureInterceptor Capture = new();
    private static readonly CommitInterceptor Commit = new();
    private static readonly HostWriterInterceptor HostWriter = new();
    private static readonly BusyTimeoutInterceptor BusyTimeout = new();

    /// <summary>
    /// Stores messages, deliveries and claims through <typeparamref name="TContext"/>, and lets it publish with
    /// <c>db.PublishWebhook(…)</c>.
    /// </summary>
    /// <typeparam name="TContext">A context registered in any way, whose model calls <c>model.AddWebhooks()</c>.</typeparam>
    /// <param name="builder">The application's WebhookKit.</param>
    /// <remarks>
    /// The first context named owns the tables. Further ones publish too: each joins the owner's database with
    /// <c>model.AddWebhooks(w => w.ExcludeFromMigrations())</c>. May be called twice.
    /// </remarks>
    public static WebhooksBuilder UseEntityFrameworkCore<TContext>(this WebhooksBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (!services.Any(service => service.ImplementationInstance is StoreRegistration { Name: var name } && name.StartsWith(Name, StringComparison.Ordinal)))
        {
            services.AddSingleton(new StoreRegistration($"{Name}<{typeof(TContext).Name}>()"));
        }

        EntityFrameworkStores.AddStores<TContext>(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, ContextStartupCheck<TContext>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SchemaCheck<TContext>>());
        services.ConfigureDbContext<TContext>(Wire);
        return builder;
    }

    private static void Wire(IServiceProvider services, DbContextOptionsBuilder options)
    {
        if (options.Options.FindExtension<CaptureOptionsExtension>() is null)
        {
            options.AddInterceptors(HostWriter, BusyTimeout, Capture, Commit);
            ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(
                services.GetRequiredService<CaptureOptionsExtension>());
        }
    }
}
