using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>Every host keeps what it knows in the same PostgreSQL database.</summary>
/// <param name="connectionString">How the hosts reach it.</param>
/// <param name="direct">How the tables are made; the same when omitted.</param>
internal sealed class PostgresStores(string connectionString, string? direct = null) : HostStores
{
    internal override void Use(WebhooksBuilder webhooks, string name)
    {
        webhooks.Services.AddDbContext<HostDb>(options => options.UseNpgsql(connectionString));
        webhooks.Services.AddScoped<IParcels, StoredParcels>();
        webhooks.UseEntityFrameworkCore<HostDb>();
    }

    internal override async Task CreateAsync(IServiceProvider services)
    {
        await using var db = new HostDb(new DbContextOptionsBuilder<HostDb>().UseNpgsql(direct ?? connectionString).Options);
        await db.Database.EnsureCreatedAsync();
    }
}
