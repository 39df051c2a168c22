using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using WebhookKit.LoadTest.Databases;

namespace WebhookKit.LoadTest.Publish;

/// <summary>
/// The same order without WebhookKit's capture, and two tables with the columns and indexes of WebhookKit's under other
/// names. Their row types are WebhookKit's own, so that the shapes cannot drift apart.
/// </summary>
internal sealed class PlainDb(DbContextOptions<PlainDb> options) : DbContext(options)
{
    private const string Prefix = "plain_";

    private static readonly string[] Tables = ["webhook_messages", "webhook_outbox"];

    public DbSet<Order> Orders => Set<Order>();

    public static PlainDb Open(StoreSettings settings)
    {
        var options = new DbContextOptionsBuilder<PlainDb>();
        settings.Use(options);
        return new PlainDb(options.Options);
    }

    public Type RowType(string webhookTable) =>
        Model.GetEntityTypes().Single(entityType => entityType.GetTableName() == Prefix + webhookTable).ClrType;

    public Task CreateTablesAsync(CancellationToken cancellationToken) =>
        this.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>().ToTable(Prefix + "orders");
        modelBuilder.AddWebhooks();
        foreach (var entityType in modelBuilder.Model.GetEntityTypes().Where(entityType => entityType.ClrType != typeof(Order)).ToArray())
        {
            if (Tables.Contains(entityType.GetTableName()))
            {
                entityType.SetTableName(Prefix + entityType.GetTableName());
            }
            else
            {
                modelBuilder.Model.RemoveEntityType(entityType);
            }
        }
    }
}
