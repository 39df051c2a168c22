using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.PostgreSql.DependencyInjection;
using WebhookKit.PostgreSql.WakeUp;
using WebhookKit.Publishing;

namespace WebhookKit;

/// <summary>Lets nodes that share a PostgreSQL database wake each other.</summary>
public static class PostgreSqlWebhooksBuilderExtensions
{
    /// <summary>
    /// Wakes dispatchers of other processes by <c>NOTIFY</c> when this one commits what it cannot send at once, and
    /// listens for theirs; without it they find the work by their poll.
    /// </summary>
    /// <param name="builder">The builder of <c>AddWebhooks()</c>.</param>
    /// <param name="configure">Names the database; by default the <c>NpgsqlDataSource</c> among the services.</param>
    /// <remarks>
    /// Call it on every node, publish-only ones too. A node keeps one connection of its own, a second one while it has
    /// more to send than slots; at most one notification is sent in 20 milliseconds, never inside a transaction of the
    /// caller's. Connects again for ever after an outage, and the poll goes on meanwhile. May be called more than once.
    /// </remarks>
    public static WebhooksBuilder UsePostgreSqlWakeUp(
        this WebhooksBuilder builder, Action<PostgreSqlWakeUpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<PendingWakeUp>();
        services.TryAddSingleton<IDispatchWakeUp>(provider => provider.GetRequiredService<PendingWakeUp>());
        services.TryAddSingleton<WakeUpPayload>();
        services.TryAddSingleton<WakeUpConnector>();
        services.TryAddSingleton<WakeUpOutage>();
        services.TryAddTransient(provider => new ReconnectPause(provider.GetRequiredService<TimeProvider>(), new Random()));
        services.TryAddSingleton(provider => new FoldedWake(
            provider.GetRequiredService<DispatchSignal>(), provider.GetRequiredService<TimeProvider>(), new Random()));
        services.TryAddSingleton<WakeUpListener>();
        services.TryAddSingleton<WakeUpNotifier>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupCheck, WakeUpStartupCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WakeUpService>());
        return builder;
    }

    /// <summary>Wakes dispatchers of other processes through the database of a connection string.</summary>
    /// <inheritdoc cref="UsePostgreSqlWakeUp(WebhooksBuilder, Action{PostgreSqlWakeUpOptions}?)"/>
    /// <param name="builder">The builder of <c>AddWebhooks()</c>.</param>
    /// <param name="connectionString">
    /// The database that the nodes share, named as for Npgsql; not through a proxy that pools transactions.
    /// </param>
    public static WebhooksBuilder UsePostgreSqlWakeUp(this WebhooksBuilder builder, string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return builder.UsePostgreSqlWakeUp(options => options.ConnectionString = connectionString);
    }
}
