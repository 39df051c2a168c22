using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Retry;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Documentation;

/// <summary>The code of <c>docs/receiving.md</c>, in a host that runs.</summary>
public sealed class ReceivingExamplesTests
{
    private static readonly string Secret = WebhookSecret.Generate().Reveal();

    [Fact]
    public async Task Examples_OfThePage_ReceiveWhatTheySay()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var requests = new SignedRequestFactory(WebhookSecret.Parse(Secret));

        foreach (var (url, payload) in new[]
        {
            ("/webhooks/partner", """{"type":"order.paid","data":{"id":"o1","total":1}}"""),
            ("/webhooks/bulk", """{"type":"order.paid","data":{"customer":"c1"}}"""),
            ("/webhooks/partner/acme", """{"type":"order.paid","data":{"id":"o1","total":1}}"""),
            ("/webhooks/gateway", """{"type":"orders/create"}"""),
            ("/webhooks/crm", """{"events":[{"id":1,"kind":"contact.added"}]}"""),
        })
        {
            using var request = await requests.CreateAsync(url, payload);
            using var response = await client.SendAsync(request);
            Assert.True(response.StatusCode == HttpStatusCode.OK, url);
        }

        await app.Services.GetRequiredService<DeadLetters>().HandleAgainAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Partner:WebhookSecrets:0"] = Secret;
        builder.Services.AddScoped<Stock>();
        var webhooks = builder.Services.AddWebhooks().UseInMemoryStore();

        #region handlers
        webhooks.AddReceiver(receiver => receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source => source
            .BindSecrets("Partner:WebhookSecrets")
            .On<OrderPaid, Stock>("order.paid", (webhook, stock, cancellationToken) => stock.TakeAsync(webhook.Data.Id, cancellationToken))
            .On("order.paid", (webhook, cancellationToken) => Stock.ArchiveAsync(webhook.Payload, cancellationToken))
            .OnOthers((webhook, cancellationToken) => Task.CompletedTask)
            .AddTenantSecret("acme", Secret)
            .AllowAddress("127.0.0.0/8")));
        #endregion

        #region inbox
        webhooks.AddReceiver(receiver => receiver.AddSource("bulk", WebhookProviders.StandardWebhooks, source => source
            .BindSecrets("Partner:WebhookSecrets")
            .UseInbox(inbox =>
            {
                inbox.MaxConcurrency = 4;
                inbox.OrderingKeyPointer = "/data/customer";
                inbox.RetrySchedule = new RetrySchedule([TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)]);
            })
            .On("order.paid", (webhook, cancellationToken) => Task.CompletedTask)));
        #endregion

        webhooks.Services.AddSingleton<DeadLetters>();

        #region forward
        webhooks.AddReceiver(receiver => receiver.AddSource("gateway", WebhookProviders.StandardWebhooks, source => source
            .BindSecrets("Partner:WebhookSecrets")
            .Forward("orders/create", publishAs: "shop.order.created")
            .ForwardOthers(webhook => webhook.EventType.StartsWith("orders/", StringComparison.Ordinal)
                ? "shop." + webhook.EventType.Replace('/', '.')
                : null)));
        #endregion

        #region provider
        var crm = new WebhookProvider
        {
            Name = "crm",
            EventsPointer = "/events",
            EventTypePointer = "/kind",
            ClaimKey = ClaimKeyRule.Members("/id"),
            RetrySpan = TimeSpan.FromDays(10),
            ValidateSecret = WebhookProviders.StandardWebhooks.ValidateSecret,
            CreateVerifier = WebhookProviders.StandardWebhooks.CreateVerifier,
        };
        webhooks.AddReceiver(receiver => receiver.AddSource("crm", crm, source => source
            .BindSecrets("Partner:WebhookSecrets")
            .On("contact.added", (webhook, cancellationToken) => Task.CompletedTask)));
        #endregion

        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");

        #region map
        app.MapWebhookReceiver().WithName("webhooks");
        app.MapWebhookReceiver("/webhooks/{source}/{tenant}");
        #endregion

        await app.StartAsync();
        return app;
    }

    private sealed class Stock
    {
        public Task TakeAsync(string order, CancellationToken cancellationToken) => Task.CompletedTask;

        public static Task ArchiveAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
