using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Idempotency;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A receiving host that packs a parcel for every paid order.</summary>
internal sealed class Warehouse : TestHost
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Dictionary<string, string>> _requests = [];
    private int _handlings;

    private Warehouse(WebApplication app)
        : base(app)
    {
        _app = app;
    }

    /// <summary>The headers of every request so far.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Requests => [.. _requests];

    public int Handlings => _handlings;

    /// <summary>Stands before the receiver; is told the number of the request, from 1.</summary>
    public Func<int, HttpContext, RequestDelegate, Task> OnRequest { get; set; } = (_, context, next) => next(context);

    /// <summary>Runs in the handler before the parcel is added; is told the number of the handling, from 1.</summary>
    public Func<int, ReceivedWebhook<OrderPaid>, IServiceProvider, Task> OnHandling { get; set; } = (_, _, _) => Task.CompletedTask;

    public static async Task<Warehouse> StartAsync(
        HostStores stores,
        string secret,
        string[]? sources = null,
        string url = "http://127.0.0.1:0",
        string name = "warehouse",
        Action<WebhooksBuilder>? configure = null,
        Action<SourceBuilder>? configureSource = null)
    {
        Warehouse? warehouse = null;
        var builder = CreateBuilder(url);
        var webhooks = builder.Services.AddWebhooks().AddReceiver(receiver =>
        {
            foreach (var source in sources ?? ["shop"])
            {
                builder.Configuration[SecretKey(source)] = secret;
                receiver.AddSource(source, WebhookProviders.StandardWebhooks, setup =>
                {
                    setup.On<OrderPaid, IParcels, IServiceProvider>(OrderPaid.EventType, (webhook, parcels, services, _) =>
                        warehouse!.HandleAsync(webhook, parcels, services));
                    configureSource?.Invoke(setup);
                });
            }
        });
        stores.Use(webhooks, name);
        configure?.Invoke(webhooks);

        var app = builder.Build();
        warehouse = new Warehouse(app);
        await stores.CreateAsync(app.Services);
        app.Use(next => context => warehouse.RecordAsync(context, next));
        app.MapWebhookReceiver();
        await app.StartAsync();
        return warehouse;
    }

    public Target TargetAt(string source, string secret, string? tenantId = null) =>
        new(source, $"{Url}/webhooks/{source}", secret, tenantId);

    public Task<List<Parcel>> GetParcelsAsync() => InScopeAsync(services => services.GetRequiredService<IParcels>().ReadAsync());

    public async Task<bool> IsClaimedAsync(MessageId id, string source = "shop") =>
        await Services.GetRequiredService<IClaimStore>().IsClaimedAsync(source, null, id.ToString(), default);

    /// <summary>Changes the secret of a source as a person does who edits the configuration of a running host.</summary>
    public void ReloadSecret(string source, string secret)
    {
        _app.Configuration[SecretKey(source)] = secret;
        ((IConfigurationRoot)_app.Configuration).Reload();
    }

    /// <summary>Reads what the first request has left behind, when the second one arrives and before it is received.</summary>
    public Task<T> ReadBeforeRetryAsync<T>(Func<MessageId, Task<T>> read)
    {
        var found = new TaskCompletionSource<T>();
        OnRequest = async (number, context, next) =>
        {
            if (number == 2)
            {
                found.SetResult(await read(MessageId.Parse(context.Request.Headers["webhook-id"].ToString())));
            }

            await next(context);
        };
        return found.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static string SecretKey(string source) => $"Webhooks:Receiver:Sources:{source}:Secrets:0";

    private Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        _requests.Enqueue(context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        return OnRequest(_requests.Count, context, next);
    }

    private async Task HandleAsync(ReceivedWebhook<OrderPaid> webhook, IParcels parcels, IServiceProvider services)
    {
        await OnHandling(Interlocked.Increment(ref _handlings), webhook, services);
        parcels.Add(new Parcel
        {
            Source = webhook.Source,
            MessageId = webhook.Id,
            Order = webhook.Data.Order,
            Payload = webhook.Payload.ToArray(),
        });
    }
}
