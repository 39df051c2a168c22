// Published trimmed by the packaging tests. Sends one event to itself over TCP; ends with 0 once that is handled.
using System.Text.Json.Serialization;
using WebhookKit;

const string EventType = "order.paid";
using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var secret = WebhookSecret.Generate().Reveal();
var handled = new TaskCompletionSource<ReceivedWebhook<OrderPaid>>(TaskCreationOptions.RunContinuationsAsynchronously);

var receiver = WebApplication.CreateSlimBuilder();
receiver.WebHost.UseUrls("http://127.0.0.1:0");
receiver.Logging.SetMinimumLevel(LogLevel.Warning);
receiver.Services.AddSingleton(handled);
receiver.Services.AddWebhooks(UseGeneratedJson)
    .AddReceiver(webhooks => webhooks
        .AddSource("shop", WebhookProviders.StandardWebhooks, source => source
            .AddSecret(secret)
            .On<OrderPaid, OrderPaidHandler>(EventType)))
    .UseInMemoryStore();

await using var warehouse = receiver.Build();
warehouse.MapWebhookReceiver();
await warehouse.StartAsync(deadline.Token);

var sender = Host.CreateEmptyApplicationBuilder(new());
sender.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
sender.Configuration["Webhooks:Sender:Endpoints:warehouse:Secrets:0"] = secret;
sender.Services.AddWebhooks(UseGeneratedJson)
    .AddSender(webhooks => webhooks
        .AddEventType<OrderPaid>(EventType)
        .AddEndpoint("warehouse", $"{warehouse.Urls.Single()}/webhooks/shop", endpoint => endpoint.EventTypes.Add(EventType))
        .Configure(options => options.AllowInsecureEndpoints = options.AllowLoopback = true))
    .UseInMemoryStore();

using var shop = sender.Build();
await shop.StartAsync(deadline.Token);
var id = await shop.Services.GetRequiredService<IWebhookPublisher>().PublishAsync(new OrderPaid("A-1001"), cancellationToken: deadline.Token);

var webhook = await handled.Task.WaitAsync(deadline.Token);
Console.WriteLine($"handled {webhook.EventType} {webhook.Data.Order}");
await shop.StopAsync(deadline.Token);
await warehouse.StopAsync(deadline.Token);
return webhook.Id == id.ToString() ? 0 : 1;

static void UseGeneratedJson(WebhooksOptions options) =>
    options.JsonSerializerOptions.TypeInfoResolverChain.Add(GeneratedJson.Default);

internal sealed record OrderPaid(string Order);

internal sealed class OrderPaidHandler(TaskCompletionSource<ReceivedWebhook<OrderPaid>> handled) : IWebhookHandler<OrderPaid>
{
    public Task HandleAsync(ReceivedWebhook<OrderPaid> webhook, CancellationToken cancellationToken)
    {
        handled.SetResult(webhook);
        return Task.CompletedTask;
    }
}

[JsonSerializable(typeof(OrderPaid))]
internal sealed partial class GeneratedJson : JsonSerializerContext;
