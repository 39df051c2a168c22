using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Tests.Model;

/// <summary>Conventions of the host's model stop at our tables.</summary>
public sealed class HostConventionTests
{
    [Fact]
    public void AddWebhooks_HostStoresEnumsAsText_OursStayNumbersForTheFilterOfTheIndex()
    {
        using var context = new HostContext(new DbContextOptionsBuilder<HostContext>().UseSqlite("Data Source=:memory:").Options);

        var status = context.Model.FindEntityType(typeof(DeliveryEntity))!.FindProperty(nameof(DeliveryEntity.Status))!;

        Assert.Equal("INTEGER", status.GetColumnType());
    }

    [Fact]
    public void AddWebhooks_HostShortensTexts_OursKeepTheirLength()
    {
        using var context = new HostContext(new DbContextOptionsBuilder<HostContext>().UseSqlite("Data Source=:memory:").Options);

        var url = context.Model.FindEntityType(typeof(EndpointEntity))!.FindProperty(nameof(EndpointEntity.Url))!;
        var eventTypes = context.Model.FindEntityType(typeof(EndpointEntity))!.FindProperty(nameof(EndpointEntity.EventTypes))!;

        Assert.Equal(2048, url.GetMaxLength());
        Assert.Null(eventTypes.GetMaxLength());
    }

    private sealed class HostContext(DbContextOptions<HostContext> options) : DbContext(options)
    {
        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
        {
            configurationBuilder.Properties<Enum>().HaveConversion<string>();
            configurationBuilder.Properties<string>().HaveMaxLength(50);
        }

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
    }
}
