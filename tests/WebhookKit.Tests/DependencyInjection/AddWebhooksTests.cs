using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebhookKit.DependencyInjection;
using WebhookKit.EventTypes;
using WebhookKit.Publishing;
using WebhookKit.Retention;
using WebhookKit.Testing;

namespace WebhookKit.Tests.DependencyInjection;

public sealed class AddWebhooksTests
{
    [Fact]
    public async Task AddWebhooks_Twice_AddsEverythingOnceAndBothSettings()
    {
        var services = NewServices();
        services.AddWebhooks(options => options.JsonSerializerOptions.WriteIndented = true).AddEventType<string>("text.sent");
        services.AddWebhooks(options => options.JsonSerializerOptions.MaxDepth = 7).AddEventType<string>("text.sent");
        await using var provider = services.BuildServiceProvider();

        await StartAsync(provider);

        Assert.Single(provider.GetServices<MessageFactory>());
        AssertAllOfDifferentTypes(provider.GetServices<IHostedService>());
        AssertAllOfDifferentTypes(provider.GetServices<IStartupCheck>());
        AssertAllOfDifferentTypes(provider.GetServices<IRetentionStep>());
        var json = provider.GetRequiredService<IOptions<WebhooksOptions>>().Value.JsonSerializerOptions;
        Assert.Equal((true, 7), (json.WriteIndented, json.MaxDepth));
        Assert.True(provider.GetRequiredService<EventTypeRegistry>().TryGetName(typeof(string), out _));
    }

    [Fact]
    public async Task AddWebhooks_ClockOfTheHost_IsUsed()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var services = NewServices();
        services.AddSingleton<TimeProvider>(clock);
        services.AddWebhooks().AddEventType<string>("text.sent");
        await using var provider = services.BuildServiceProvider();

        var message = provider.GetRequiredService<MessageFactory>().Create("text");

        Assert.Equal(clock.GetUtcNow(), message.OccurredAt);
    }

    [Fact]
    public void JsonSerializerOptions_Default_AreTheWebDefaultsAndRefuseRepeatedMembers()
    {
        var json = new WebhooksOptions().JsonSerializerOptions;

        Assert.Equal(new Named("a"), JsonSerializer.Deserialize<Named>("""{"NAME":"a"}""", json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Named>("""{"name":"a","name":"b"}""", json));
    }

    [Fact]
    public async Task Start_SeveralThingsAreWrong_StopsWithAllOfThem()
    {
        var services = NewServices();
        services.AddWebhooks().AddEventType<string>("text sent").AddEventType<int>("one").AddEventType<int>("two");
        services.AddSingleton(new StoreRegistration("UseInMemoryStore()"));
        services.AddSingleton(new StoreRegistration("UseEntityFrameworkCore<ShopDb>()"));
        services.AddSingleton<IStartupCheck>(new FixedCheck("Something else is wrong."));
        await using var provider = services.BuildServiceProvider();

        var thrown = await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartAsync(provider));

        Assert.Equal(
            new[]
            {
                "'text sent' is not an event-type name. Use segments of letters, digits and '_' separated by dots, "
                    + "at most 128 characters, for example 'invoice.paid'.",
                "The type 'System.Int32' is registered as event types 'one' and 'two'. Keep one AddEventType call for it.",
                "More than one store is chosen: 'UseInMemoryStore()' and 'UseEntityFrameworkCore<ShopDb>()'. Keep one of these calls.",
                "Something else is wrong.",
            }.Order(StringComparer.Ordinal),
            thrown.Errors.Order(StringComparer.Ordinal));
        Assert.All(thrown.Errors, error => Assert.Contains(error, thrown.Message, StringComparison.Ordinal));
        Assert.Contains("4 thing(s) to mend", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SameStoreChosenTwice_Starts()
    {
        var services = NewServices();
        services.AddWebhooks();
        services.AddSingleton(new StoreRegistration("UseInMemoryStore()"));
        services.AddSingleton(new StoreRegistration("UseInMemoryStore()"));
        await using var provider = services.BuildServiceProvider();

        await StartAsync(provider);
    }

    [Fact]
    public void AddEventType_WithoutName_Throws() =>
        Assert.Throws<ArgumentException>(() => NewServices().AddWebhooks().AddEventType<string>(""));

    private static ServiceCollection NewServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        return services;
    }

    private static void AssertAllOfDifferentTypes<T>(IEnumerable<T> services) =>
        Assert.Equal(services.Count(), services.Select(service => service!.GetType()).Distinct().Count());

    // The validator speaks before any hosted service starts.
    private static Task StartAsync(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single().StartingAsync(default);

    private sealed class FixedCheck(string error) : IStartupCheck
    {
        public IEnumerable<string> GetErrors() => [error];
    }

    private sealed record Named(string Name);
}
