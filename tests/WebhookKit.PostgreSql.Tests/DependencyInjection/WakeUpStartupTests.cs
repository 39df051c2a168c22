using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using WebhookKit.DependencyInjection;
using WebhookKit.PostgreSql.Tests.Hosting;
using WebhookKit.Publishing;

namespace WebhookKit.PostgreSql.Tests.DependencyInjection;

public sealed class WakeUpStartupTests
{
    [Fact]
    public async Task Check_AsTheReadmeShows_FindsNothingToMend()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationManager());
        const string connectionString = "Host=db;Database=shop;Username=shop";
        services.AddDbContext<ShopDb>(options => options.UseNpgsql(connectionString));

        #region wake-up
        services.AddWebhooks()
            .AddSender(sender => sender.AddEventType<OrderPaid>("order.paid"))
            .UseEntityFrameworkCore<ShopDb>()
            .UsePostgreSqlWakeUp(connectionString);
        #endregion

        await using var provider = services.BuildServiceProvider();
        Assert.Empty(provider.GetServices<IStartupCheck>().SelectMany(check => check.GetErrors()));
    }

    [Fact]
    public async Task Start_NoDatabase_NamesTheCures()
    {
        var errors = await StartAsync(builder => builder.UsePostgreSqlWakeUp());

        Assert.Contains("register an NpgsqlDataSource", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Password=opensesame;Colour=blue")]
    [InlineData("Host=db;Password=opensesame;Port=many")]
    [InlineData("Password=opensesame")]
    [InlineData("opensesame")]
    public async Task Start_ConnectionStringOfAnotherKind_IsReportedWithoutItsPassword(string connectionString)
    {
        var errors = await StartAsync(builder => builder.UsePostgreSqlWakeUp(connectionString));

        Assert.DoesNotContain("opensesame", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a channel that is longer than the sixty-three bytes a name may have")]
    public async Task Start_ChannelThatPostgreSqlRefuses_IsQuoted(string channel)
    {
        var errors = await StartAsync(builder => builder.UsePostgreSqlWakeUp("Host=db").UsePostgreSqlWakeUp(options => options.Channel = channel));

        Assert.Contains($"'{channel}'", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_DataSourceOfTheServices_IsEnough(bool isTwice)
    {
        var errors = await StartAsync(builder =>
        {
            builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1"));
            builder.UsePostgreSqlWakeUp();
            if (isTwice)
            {
                builder.UsePostgreSqlWakeUp();
            }

            Assert.Single(builder.Services, service => service.ServiceType == typeof(IDispatchWakeUp));
        });

        Assert.Empty(errors);
    }

    private static async Task<IReadOnlyList<string>> StartAsync(Action<WebhooksBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services.AddWebhooks());
        using var host = builder.Build();
        try
        {
            await host.StartAsync();
            await host.StopAsync();
            return [];
        }
        catch (WebhookConfigurationException exception)
        {
            return exception.Errors;
        }
    }

    private sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
    }
}
