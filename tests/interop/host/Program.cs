// Publishes what the Node tests post, receives what they sign, and tells what was handled.
// Endpoints and secrets come from configuration. It ends when its standard input closes.
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookKit;
using WebhookKit.Interop.Host;
using WebhookKit.Rendering;

const string Raw = "interop.raw", Typed = "interop.typed", Signed = "interop.signed";

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

builder.Services.AddDbContext<InteropDb>(options => options.UseSqlite(builder.Configuration.GetConnectionString("Interop")));
builder.Services.AddWebhooks()
    .AddSender(sender => sender
        .AddEventType<JsonElement>(Typed)
        .AddPayloadFormat(PayloadFormats.CloudEvents("/interop"))
        .Configure(options => options.AllowInsecureEndpoints = options.AllowLoopback = true))
    .AddReceiver(receiver => receiver
        .AddSource("single", WebhookProviders.StandardWebhooks, source => source.On<JsonElement, InteropDb>(Signed, HandleAsync))
        .AddSource("rotating", WebhookProviders.StandardWebhooks, source => source.On<JsonElement, InteropDb>(Signed, HandleAsync)))
    .UseEntityFrameworkCore<InteropDb>();

await using var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<InteropDb>().Database.EnsureCreatedAsync();
}

app.MapWebhookReceiver();
app.MapGet("/handled", (InteropDb db) => db.Handled.AsNoTracking().OrderBy(handled => handled.Id).ToListAsync());
app.MapPost("/publish/raw", async (Stream body, IWebhookPublisher publisher) =>
{
    using var payload = new MemoryStream();
    await body.CopyToAsync(payload);
    return new[] { (await publisher.PublishRawAsync(new RawEvent(Raw, payload.ToArray()))).ToString() };
});
app.MapPost("/publish/typed", async (JsonElement[] data, IWebhookPublisher publisher) =>
    (await publisher.PublishManyAsync(data)).Select(id => id.ToString()));

await app.StartAsync();
Console.WriteLine($"ready {app.Urls.Single()}");
_ = StopWithInputAsync();
await app.WaitForShutdownAsync();

async Task StopWithInputAsync()
{
    await Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null));
    app.Lifetime.StopApplication();
}

static Task HandleAsync(ReceivedWebhook<JsonElement> webhook, InteropDb db, CancellationToken cancellationToken)
{
    db.Add(new Handled(webhook.Source, webhook.Id, Convert.ToHexStringLower(SHA256.HashData(webhook.Payload.Span))));
    return Task.CompletedTask;
}
