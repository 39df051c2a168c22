using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EndToEnd.Tests.Hosting;

namespace WebhookKit.EndToEnd.Tests.Startup;

public sealed class StartupErrorsTests
{
    private const string ShortSecret = "whsec_c2hvcnQ=";

    [Fact]
    public async Task Start_EightMistakes_StopsWithAllOfThemAndTheirCures()
    {
        var errors = await StartAsync(
            services => services.AddWebhooks()
                .AddSender(sender => sender
                    .AddEndpoint("silent", "https://silent.example/hooks", endpoint => endpoint.EventTypes.Add("*"))
                    .AddEndpoint("brief", "https://brief.example/hooks", endpoint =>
                    {
                        endpoint.EventTypes.Add("*");
                        endpoint.Secrets.Add(ShortSecret);
                    }))
                .AddReceiver(receiver => receiver
                    .AddSource("quiet", WebhookProviders.StandardWebhooks, _ => { })
                    .AddSource("curt", WebhookProviders.StandardWebhooks, source => source.AddSecret(ShortSecret))),
            app =>
            {
                app.MapWebhookReceiver("/hooks/one", "stranger");
                app.MapWebhookReceiver("/hooks/two", "quiet");
                app.MapWebhookReceiver("/hooks/two", "curt");
            });

        string[][] expected =
        [
            ["sender has no store", ".UseEntityFrameworkCore<", ".UseInMemoryStore()"],
            ["'silent' has no secret", "Webhooks:Sender:Endpoints:silent:Secrets"],
            ["'brief'", "Webhooks:Sender:Endpoints:brief:Secrets:0", "24"],
            ["'quiet' has no secret", "Webhooks:Receiver:Sources:quiet:Secrets"],
            ["'curt'", "AddSecret call 1", "24"],
            ["AddReceiver needs a store", ".UseEntityFrameworkCore<", ".UseInMemoryStore()"],
            ["'stranger', which is not configured", "'quiet'", "AddSource"],
            ["'/hooks/two' is mapped 2 times", "'quiet' and source 'curt'", "a route of its own"],
        ];
        Assert.All(expected, parts => Assert.Single(errors, error => parts.All(part => error.Contains(part, StringComparison.Ordinal))));
        Assert.Equal(expected.Length, errors.Count);
        Assert.DoesNotContain(errors, error => error.Contains(ShortSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ContextWithoutTheModel_IsToldBesideTheOtherMistakes()
    {
        var errors = await StartAsync(
            services =>
            {
                services.AddDbContext<ForgetfulDb>(options => options.UseSqlite("Data Source=:memory:"));
                services.AddWebhooks()
                    .AddReceiver(receiver => receiver.AddSource("quiet", WebhookProviders.StandardWebhooks, _ => { }))
                    .UseEntityFrameworkCore<ForgetfulDb>();
            },
            app => app.MapWebhookReceiver());

        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error => error.Contains("'quiet' has no secret", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("'ForgetfulDb'", StringComparison.Ordinal)
            && error.Contains("model.AddWebhooks()", StringComparison.Ordinal));
    }

    /// <summary>Starts a host that must not start, and looks whether it listens all the same.</summary>
    private static async Task<IReadOnlyList<string>> StartAsync(Action<IServiceCollection> configure, Action<WebApplication> map)
    {
        using var port = new ReservedPort();
        var builder = TestHost.CreateBuilder(port.Url);
        configure(builder.Services);
        await using var app = builder.Build();
        map(app);

        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => app.StartAsync());

        using var client = new TcpClient();
        var url = new Uri(port.Url);
        var refused = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(url.Host, url.Port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.All(exception.Errors, error => Assert.Contains(error, exception.Message, StringComparison.Ordinal));
        return exception.Errors;
    }

    private sealed class ForgetfulDb(DbContextOptions<ForgetfulDb> options) : DbContext(options);
}
