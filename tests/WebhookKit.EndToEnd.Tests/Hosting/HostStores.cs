using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>Where the hosts of a test keep what they know, each under a name of its own.</summary>
public abstract class HostStores : IDisposable
{
    internal abstract void Use(WebhooksBuilder webhooks, string name);

    internal virtual Task CreateAsync(IServiceProvider services) => Task.CompletedTask;

    public virtual void Dispose()
    {
    }
}

/// <summary>Each host has a SQLite file; the same name opens the same file again.</summary>
public sealed class SqliteStores : HostStores
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhookkit-end-to-end-");

    public override void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    internal override void Use(WebhooksBuilder webhooks, string name)
    {
        webhooks.Services.AddDbContext<HostDb>(options => options.UseSqlite($"Data Source={_folder.FullName}/{name}.db"));
        webhooks.Services.AddScoped<IParcels, StoredParcels>();
        webhooks.UseEntityFrameworkCore<HostDb>();
    }

    internal override async Task CreateAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<HostDb>().Database.EnsureCreatedAsync();
    }
}

/// <summary>Each host has its own memory, which ends with it.</summary>
public sealed class InMemoryStores : HostStores
{
    internal override void Use(WebhooksBuilder webhooks, string name)
    {
        webhooks.Services.AddSingleton<IParcels, RememberedParcels>();
        webhooks.UseInMemoryStore();
    }
}

internal interface IParcels
{
    void Add(Parcel parcel);

    Task<List<Parcel>> ReadAsync();
}

/// <summary>Does not save: that is left to the transaction of the claim.</summary>
internal sealed class StoredParcels(HostDb db) : IParcels
{
    public void Add(Parcel parcel) => db.Parcels.Add(parcel);

    public Task<List<Parcel>> ReadAsync() => db.Parcels.AsNoTracking().OrderBy(parcel => parcel.Id).ToListAsync();
}

internal sealed class RememberedParcels : IParcels
{
    private readonly ConcurrentQueue<Parcel> _parcels = [];

    public void Add(Parcel parcel) => _parcels.Enqueue(parcel);

    public Task<List<Parcel>> ReadAsync() => Task.FromResult(_parcels.ToList());
}
