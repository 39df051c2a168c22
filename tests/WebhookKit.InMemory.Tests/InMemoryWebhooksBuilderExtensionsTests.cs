using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WebhookKit.DependencyInjection;
using WebhookKit.Outbox;

namespace WebhookKit.InMemory.Tests;

public sealed class InMemoryWebhooksBuilderExtensionsTests
{
    [Fact]
    public async Task UseInMemoryStore_Twice_StartsAndKeepsBothSettings()
    {
        using var host = Build(services =>
        {
            services.AddWebhooks().UseInMemoryStore(options => options.MaxMessages = 5);
            services.AddWebhooks().UseInMemoryStore(options => options.MaxClaims = 6);
        });

        await host.StartAsync();

        Assert.Single(host.Services.GetServices<IOutboxStore>());
        var options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<InMemoryStoreOptions>>().Value;
        Assert.Equal((5, 6), (options.MaxMessages, options.MaxClaims));
        await host.StopAsync();
    }

    [Fact]
    public async Task UseInMemoryStore_BesideAnotherStore_StopsNamingBoth()
    {
        using var host = Build(services =>
        {
            services.AddWebhooks().UseInMemoryStore();
            services.AddSingleton(new StoreRegistration("UseEntityFrameworkCore<ShopDb>()"));
        });

        var thrown = await Assert.ThrowsAsync<WebhookConfigurationException>(() => host.StartAsync());

        var error = Assert.Single(thrown.Errors);
        Assert.Contains("'UseInMemoryStore()' and 'UseEntityFrameworkCore<ShopDb>()'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseInMemoryStore_BoundsBelowOne_StopsQuotingEach()
    {
        using var host = Build(services => services.AddWebhooks().UseInMemoryStore(options =>
        {
            options.MaxMessages = 0;
            options.MaxClaims = -1;
        }));

        var thrown = await Assert.ThrowsAsync<WebhookConfigurationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "InMemoryStoreOptions.MaxMessages is 0. Set it to at least 1.",
                "InMemoryStoreOptions.MaxClaims is -1. Set it to at least 1.",
            ],
            thrown.Errors);
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        return builder.Build();
    }
}
