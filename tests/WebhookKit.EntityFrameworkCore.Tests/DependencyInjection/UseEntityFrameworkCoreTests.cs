using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.EntityFrameworkCore.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Tests.Publishing;
using WebhookKit.Secrets;

namespace WebhookKit.EntityFrameworkCore.Tests.DependencyInjection;

public sealed class UseEntityFrameworkCoreTests
{
    [Fact]
    public void GetErrors_ContextNotRegistered_NamesAddDbContext()
    {
        var error = Assert.Single(GetErrors<ShopContext>(_ => { }));
        Assert.Contains("services.AddDbContext<ShopContext>(options => …)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void GetErrors_ModelWithoutTables_NamesAddWebhooks()
    {
        var error = Assert.Single(GetErrors<BareContext>(services => services.AddDbContext<BareContext>(UseSqlite)));
        Assert.Contains("model.AddWebhooks() in its OnModelCreating", error, StringComparison.Ordinal);
    }

    [Fact]
    public void GetErrors_AnyRegistration_FindsNothing()
    {
        Assert.Empty(GetErrors<ShopContext>(services => services.AddDbContext<ShopContext>(UseSqlite)));
        Assert.Empty(GetErrors<ShopContext>(services => services.AddDbContextPool<ShopContext>(UseSqlite)));
        Assert.Empty(GetErrors<ShopContext>(services => services.AddDbContextFactory<ShopContext>(UseSqlite)));
        Assert.Empty(GetErrors<ShopContext>(services => services.AddPooledDbContextFactory<ShopContext>(UseSqlite)));
    }

    [Fact]
    public void UseEntityFrameworkCore_Twice_RegistersOnce()
    {
        var services = new ServiceCollection();
        var webhooks = services.AddWebhooks().UseEntityFrameworkCore<ShopContext>();
        var once = Count();
        webhooks.UseEntityFrameworkCore<ShopContext>();
        Assert.Equal(once, Count());

        (int Checks, int Hosted, int Stores) Count() => (
            services.Count(service => service.ServiceType == typeof(IStartupCheck)),
            services.Count(service => service.ServiceType == typeof(IHostedService)),
            services.Count(service => service.ServiceType == typeof(StoreRegistration)));
    }

    [Fact]
    public async Task ScopedContext_PooledFactory_GivesTheContextBack()
    {
        var services = new ServiceCollection();
        services.AddPooledDbContextFactory<ShopContext>(UseSqlite, poolSize: 1);
        services.AddWebhooks().UseEntityFrameworkCore<ShopContext>();
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        Assert.Same(await UseAsync(), await UseAsync());

        async Task<ShopContext> UseAsync()
        {
            await using var scope = provider.CreateAsyncScope();
            return scope.ServiceProvider.GetRequiredService<ScopedContext<ShopContext>>().Value;
        }
    }

    [Fact]
    public void GetErrors_RegistryWithoutProtector_RefusesToKeepSecretsAsPlainTextUnlessTold()
    {
        var error = Assert.Single(GetErrors<ShopContext>(services => AddRegistry(services)));
        Assert.Contains("would keep secrets as plain text in the database", error, StringComparison.Ordinal);
        Assert.Contains(".UseDataProtection()", error, StringComparison.Ordinal);
        Assert.Contains("options.AllowPlaintextSecrets = true", error, StringComparison.Ordinal);

        Assert.Empty(GetErrors<ShopContext>(services => AddRegistry(services, options => options.AllowPlaintextSecrets = true)));
        Assert.Empty(GetErrors<ShopContext>(services => AddRegistry(services).AddSingleton<ISecretProtector>(new NoProtector())));
        Assert.Contains(
            "MaxEndpointsPerTenant is 0",
            Assert.Single(GetErrors<ShopContext>(services => AddRegistry(
                services, options => (options.AllowPlaintextSecrets, options.MaxEndpointsPerTenant) = (true, 0)))),
            StringComparison.Ordinal);

        static IServiceCollection AddRegistry(IServiceCollection services, Action<EndpointRegistryOptions>? configure = null)
        {
            services.AddLogging().AddDbContext<ShopContext>(UseSqlite);
            services.AddWebhooks().AddSender(sender => sender.AddEndpointRegistry(configure));
            return services;
        }
    }

    private sealed class NoProtector : ISecretProtector
    {
        public ProtectedSecret Protect(string secret, SecretOwner owner) => throw new NotSupportedException();

        public UnprotectedSecret Unprotect(ProtectedSecret protectedSecret, SecretOwner owner) => throw new NotSupportedException();
    }

    private static string[] GetErrors<TContext>(Action<IServiceCollection> register)
        where TContext : DbContext
    {
        var services = new ServiceCollection();
        services.AddWebhooks().UseEntityFrameworkCore<TContext>();
        register(services);
        using var provider = services.BuildServiceProvider(validateScopes: true);
        return [.. provider.GetServices<IStartupCheck>().SelectMany(check => check.GetErrors())];
    }

    private static void UseSqlite(DbContextOptionsBuilder options) => options.UseSqlite("Data Source=:memory:");

    private sealed class BareContext(DbContextOptions<BareContext> options) : DbContext(options);
}
