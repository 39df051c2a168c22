using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Handshakes;
using WebhookKit.EntityFrameworkCore.Idempotency;
using WebhookKit.EntityFrameworkCore.Inbox;
using WebhookKit.EntityFrameworkCore.Model;
using WebhookKit.EntityFrameworkCore.Outbox;
using WebhookKit.Publishing;

namespace WebhookKit;

/// <summary>Adds WebhookKit's tables to a context's model.</summary>
public static class WebhooksModelBuilderExtensions
{
    /// <summary>Adds the tables <c>webhook_…</c>; call it in <c>OnModelCreating</c>.</summary>
    /// <param name="modelBuilder">The model under construction.</param>
    /// <param name="configure">Says, for example, that another context owns the tables.</param>
    /// <remarks>Schema, table and column names may be changed afterwards: statements read them from the finished model.</remarks>
    public static ModelBuilder AddWebhooks(this ModelBuilder modelBuilder, Action<WebhooksModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var options = new WebhooksModelOptions();
        configure?.Invoke(options);

        // EF would take an entity's events for a navigation.
        modelBuilder.Ignore<WebhookCollection>();
        modelBuilder.Ignore<PendingWebhook>();
        modelBuilder.ApplyConfiguration(new MessageConfiguration());
        modelBuilder.ApplyConfiguration(new RenderingConfiguration());
        modelBuilder.ApplyConfiguration(new OutboxConfiguration());
        modelBuilder.ApplyConfiguration(new IdempotencyKeyConfiguration());
        modelBuilder.ApplyConfiguration(new EndpointConfiguration());
        modelBuilder.ApplyConfiguration(new EndpointStateConfiguration());
        modelBuilder.ApplyConfiguration(new EndpointSecretConfiguration());
        modelBuilder.ApplyConfiguration(new DeliveryConfiguration());
        modelBuilder.ApplyConfiguration(new AttemptConfiguration());
        modelBuilder.ApplyConfiguration(new RedeliveryConfiguration());
        modelBuilder.ApplyConfiguration(new ClaimConfiguration());
        modelBuilder.ApplyConfiguration(new InboxConfiguration());
        modelBuilder.ApplyConfiguration(new SourceSecretConfiguration());

        foreach (var entityType in modelBuilder.Model.GetEntityTypes().Where(WebhooksModel.IsOurs))
        {
            WebhooksModel.SetColumns(entityType);
            entityType.SetIsTableExcludedFromMigrations(options.IsExcludedFromMigrations);
        }

        return modelBuilder;
    }
}
