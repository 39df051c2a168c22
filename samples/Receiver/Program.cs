using System.Text;
using Microsoft.EntityFrameworkCore;
using Receiver;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
builder.Services.AddDbContext<ReceivedDb>(options => options.UseSqlite($"Data Source={settings["File"] ?? "received.db"}"));

#region configured
// Which sources there are, how each is verified and with what: all of it is configuration.
builder.Services.AddWebhooks()
    .AddReceiver(receiver => receiver.AddConfiguredSources(source =>
    {
        source.OnOthers<ReceivedDb>((webhook, db, _) =>
        {
            Console.WriteLine($"{webhook.Source} {webhook.EventType} {webhook.Id}: {Encoding.UTF8.GetString(webhook.Payload.Span)}");
            db.Received.Add(new ReceivedEvent
            {
                Source = webhook.Source,
                EventId = webhook.Id,
                EventType = webhook.EventType,
                Payload = webhook.Payload.ToArray(),
            });
            return Task.CompletedTask;
        });
        source.HandlerTimeout = TimeSpan.FromSeconds(settings.GetValue("HandlerTimeout", 30));
        if (settings.GetValue<bool>("Inbox"))
        {
            source.UseInbox();
        }
    }))
    .UseEntityFrameworkCore<ReceivedDb>();
#endregion

var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<ReceivedDb>().Database.EnsureCreatedAsync();
}

app.MapWebhookReceiver();
await app.RunAsync();
