using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Retry;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A host behind real Kestrel on loopback.</summary>
internal abstract class TestHost(WebApplication app) : IAsyncDisposable
{
    public string Url => app.Urls.Single();

    public IServiceProvider Services => app.Services;

    public static WebApplicationBuilder CreateBuilder(string url = "http://127.0.0.1:0")
    {
        // In Development the container checks every service when it is built.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        return builder;
    }

    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> read)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

internal sealed record Target(string Name, string Url, string Secret, string? TenantId = null)
{
    public EndpointId Id => EndpointId.Declared(TenantId, Name);
}

internal static class LoopbackSender
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds a sender of paid orders that makes at most four attempts, half a second apart.</summary>
    public static WebhooksBuilder AddSender(
        this WebhooksBuilder webhooks, IEnumerable<Target> targets, Action<SenderBuilder>? configure = null) =>
        webhooks.AddSender(sender =>
        {
            sender.AddEventType<OrderPaid>(OrderPaid.EventType).Configure(options =>
            {
                options.AllowInsecureEndpoints = true;
                options.AllowLoopback = true;
                options.RetrySchedule = new RetrySchedule([Delay, Delay, Delay], jitter: 0);
            });
            foreach (var target in targets)
            {
                sender.AddEndpoint(target.Name, target.Url, endpoint =>
                {
                    endpoint.TenantId = target.TenantId;
                    endpoint.EventTypes.Add("order.*");
                    foreach (var secret in target.Secret.Split(' '))
                    {
                        endpoint.Secrets.Add(secret);
                    }
                });
            }

            configure?.Invoke(sender);
        });
}
